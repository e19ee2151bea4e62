using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace Skerry.Tests.Host.Sources;

/// <summary>
/// Which part of the tree each project takes others from: by a reference, or by compiling their sources. A part is the
/// longest of the known directories that a file lies in.
/// </summary>
internal static class ProjectImports
{
    private static readonly string[] _parts =
    [
        "runtime",
        "kernel/abi",
        "kernel",
        "build/generator",
        "build/stubs",
        "boot",
        "base/archive",
        "base/configuration",
        "base/generator",
        "base/needs",
        "base",
        "core",
        "vcore",
        "apps",
        "qemu",
        "tests",
    ];

    /// <summary>Edges between different parts.</summary>
    public static IEnumerable<(string From, string To)> Read(string root) =>
        from project in Directory.EnumerateFiles(root, "*.csproj", SearchOption.AllDirectories)
        let importer = PartOf(root, project)
        where importer.Length != 0
        from target in Targets(root, Path.GetDirectoryName(project)!, project)
        let source = PartOf(root, target)
        where source.Length != 0 && source != importer
        select (importer, source);

    private static IEnumerable<string> Targets(string root, string directory, string file)
    {
        string Resolve(string path) =>
            Path.GetFullPath(Path.Combine(directory, path.Replace("$(SkerryRoot)", root + "/").Replace('\\', '/')));

        foreach (XElement element in XDocument.Load(file).Descendants())
        {
            string? include = (string?)element.Attribute("Include");
            if (element.Name.LocalName is "ProjectReference" or "Compile" && include is not null)
            {
                // Only the directory of a pattern matters.
                yield return Resolve(include.Split('*')[0]);
            }
            string? import = (string?)element.Attribute("Project");
            if (element.Name.LocalName == "Import" && import is not null)
            {
                foreach (string target in Targets(root, directory, Resolve(import)))
                {
                    yield return target;
                }
            }
        }
    }

    private static string PartOf(string root, string path)
    {
        string relative = Path.GetRelativePath(root, path).Replace('\\', '/') + "/";
        return _parts.FirstOrDefault(part => relative.StartsWith(part + "/", StringComparison.Ordinal)) ?? "";
    }
}
