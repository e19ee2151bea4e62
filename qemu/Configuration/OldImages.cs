using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>
/// Programs that no <c>make run</c> builds anew, as their projects are not in Machine.slnf, and that are older than what
/// they are made of: what boots would be taken for what stands in the source.
/// </summary>
public static class OldImages
{
    private const string Solution = "Machine.slnf";

    /// <summary>What every component is linked from, beside its own sources.</summary>
    private static readonly string[] _libraries = ["Skerry.Runtime", "Skerry.Abi", "Skerry.Base", "Skerry.Startup"];

    /// <param name="system">Whose programs are looked at.</param>
    /// <param name="repository">Where they and their sources lie.</param>
    /// <returns>A warning for each child or vcore that has such a program.</returns>
    public static IReadOnlyList<Diagnostic> Of(SystemDescription system, Repository repository)
    {
        var diagnostics = new Diagnostics(system.File);
        Dictionary<string, string> projects = Projects(repository);
        IEnumerable<(string Binary, SourcePosition At)> programs = system
            .Vcores.Select(vcore => (vcore.Binary, vcore.BinaryPosition))
            .Concat(system.AllChildren.Select(placed => (placed.Child.Binary, placed.Child.BinaryPosition)));
        foreach ((string binary, SourcePosition at) in programs)
        {
            if (projects.TryGetValue(binary, out string? project) && Newer(repository, binary, project) is { } source)
            {
                string folder = Path.GetDirectoryName(project)!;
                string reason = $"out/images/{binary}.elf is older than {source}, and {folder} is not in {Solution}";
                diagnostics.Warning(at, DiagnosticCode.OldProgram, $"{reason}: \"dotnet build {folder}\" makes it");
            }
        }
        return diagnostics.Entries;
    }

    /// <summary>Of images that Machine.slnf does not build, as Image.targets notes them; by the image's name.</summary>
    private static Dictionary<string, string> Projects(Repository repository)
    {
        string solution = Path.Combine(repository.Root, Solution);
        string built = File.Exists(solution) ? File.ReadAllText(solution) : "";
        string notes = Path.Combine(repository.Output, "objects");
        var projects = new Dictionary<string, string>();
        foreach (string note in Directory.Exists(notes) ? Directory.GetFiles(notes, "*.made") : [])
        {
            string[] lines = File.ReadAllLines(note);
            if (lines.Length > 1 && !built.Contains($"\"{lines[0]}\"", StringComparison.Ordinal))
            {
                projects[lines[1]] = lines[0];
            }
        }
        return projects;
    }

    /// <returns>The newest of what an image is made of, below the root, if it is newer than the image.</returns>
    private static string? Newer(Repository repository, string binary, string project)
    {
        var image = new FileInfo(BootArchive.Image(repository.Images, binary));
        var folder = new FileInfo(Path.Combine(repository.Root, project)).Directory!;
        FileInfo[] sources = folder.Exists ? folder.GetFiles("*.cs*", SearchOption.AllDirectories) : [];
        FileInfo? newest = sources
            .Concat(_libraries.Select(name => Library(repository, name)))
            .Where(file => file.Exists)
            .MaxBy(file => file.LastWriteTimeUtc);
        return image.Exists && newest?.LastWriteTimeUtc > image.LastWriteTimeUtc
            ? Path.GetRelativePath(repository.Root, newest.FullName)
            : null;
    }

    private static FileInfo Library(Repository repository, string name) =>
        new(Path.Combine(repository.Output, "bin", name, "release", $"{name}.dll"));
}
