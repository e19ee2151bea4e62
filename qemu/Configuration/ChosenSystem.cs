using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Configuration;

/// <summary>A configuration that was checked against its machine.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Warnings">What the check remarked.</param>
public sealed record ChosenSystem(string Name, SystemDescription System, IReadOnlyList<Diagnostic> Warnings)
{
    /// <summary>The demo for different numbers of clusters, the richest first.</summary>
    private static readonly string[] _demos = ["demo", "demo-two-clusters", "demo-one-cluster"];

    /// <summary>The configuration that a person asked for, or the demo if none was.</summary>
    /// <exception cref="BadInputException">It has an error, or does not fit the machine.</exception>
    public static ChosenSystem Choose(Repository repository, string? nameOrFile, Topology topology, ClusterMode mode) =>
        string.IsNullOrEmpty(nameOrFile)
            ? Demo(repository, topology, mode)
            : Load(repository, nameOrFile, topology, mode);

    /// <summary>The richest demo that fits the machine.</summary>
    public static ChosenSystem Demo(Repository repository, Topology topology, ClusterMode mode)
    {
        foreach (string name in _demos.SkipLast(1))
        {
            try
            {
                ChosenSystem chosen = Load(repository, name, topology, mode);
                if (chosen.Warnings.All(warning => warning.Code != DiagnosticCode.LittleRoom))
                {
                    return chosen;
                }
            }
            catch (BadInputException)
            {
                // Too few clusters or too little memory for this one: the next asks for less.
            }
        }
        return Load(repository, _demos[^1], topology, mode);
    }

    private static ChosenSystem Load(Repository repository, string nameOrFile, Topology topology, ClusterMode mode)
    {
        SystemDescription system = Read(repository, nameOrFile);
        string name = Path.GetFileNameWithoutExtension(system.File);
        return new ChosenSystem(name, system, BootCheck.Check(system, repository, topology, mode));
    }

    private static SystemDescription Read(Repository repository, string nameOrFile) =>
        SystemReader.ReadFile(repository.Find(repository.Configurations, nameOrFile, "configuration"));
}
