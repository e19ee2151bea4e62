using System;
using System.Linq;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Commands;

/// <summary>What a file describes.</summary>
public enum FileKind
{
    /// <summary>What the file itself says.</summary>
    Auto,
    Topology,
    System,
}

/// <summary>Tells by a file's own words what it describes.</summary>
public static class FileKinds
{
    private static readonly (FileKind Kind, string[] Members)[] _members =
    [
        (FileKind.Topology, ["nodes", "threadsPerL2", "distances", "hmat", "numaTables", "cpuModel"]),
        (FileKind.System, ["children", "vcores", "channels"]),
    ];

    /// <returns>What "$schema" says, or else what members that only one kind has say.</returns>
    /// <exception cref="BadInputException">It says nothing, or both.</exception>
    public static FileKind Of(SourceValue root, Diagnostics diagnostics)
    {
        string schema = root.Members.Find(member => member.Name == "$schema")?.Value.Text ?? "";
        foreach (FileKind kind in new[] { FileKind.Topology, FileKind.System })
        {
            if (schema.EndsWith($"{kind.ToString().ToLowerInvariant()}.schema.json", StringComparison.Ordinal))
            {
                return kind;
            }
        }
        FileKind[] told = _members
            .Where(entry => root.Members.Any(member => entry.Members.Contains(member.Name)))
            .Select(entry => entry.Kind)
            .ToArray();
        if (told.Length == 1)
        {
            return told[0];
        }
        diagnostics.Error(
            root.Position,
            DiagnosticCode.UnknownKind,
            "a topology has \"nodes\", a system \"children\" or \"vcores\"; say by \"$schema\" or --kind which this is"
        );
        diagnostics.ThrowIfErrors();
        return FileKind.Auto;
    }
}
