using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Topologies;

/// <summary>The topology files that come with Skerry, and any other that a person names.</summary>
public static class TopologyCatalog
{
    public const string Default = "4x4";

    /// <summary>Names of the files in <c>qemu/topology-files</c>, sorted.</summary>
    public static IReadOnlyList<string> Names(Repository repository) =>
        Directory
            .EnumerateFiles(repository.Topologies, "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)!)
            .Order(StringComparer.Ordinal)
            .ToArray();

    /// <param name="repository">Where the named ones lie.</param>
    /// <param name="nameOrFile">A name of <see cref="Names"/>, or a path.</param>
    /// <exception cref="BadInputException">There is no such file, or it has an error.</exception>
    public static Topology Load(Repository repository, string nameOrFile) =>
        TopologyReader.ReadFile(repository.Find(repository.Topologies, nameOrFile, "topology"));
}
