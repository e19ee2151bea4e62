using System;
using System.IO;
using Skerry.Qemu;
using Skerry.Qemu.Commands;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;

namespace Skerry.Tests.Boot;

/// <summary>Whole systems: a configuration that came with the project or that a test wrote, on a machine.</summary>
internal static class SystemFile
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    /// <summary>Runs the demo that fits the machine.</summary>
    public static MachineResult RunDemo(
        string topology,
        ClusterMode mode,
        MitigationMode mitigations = MitigationMode.Off,
        TimeSpan? limit = null
    ) => Run(topology, mode, mitigations, null, limit: limit);

    /// <param name="topology">The machine.</param>
    /// <param name="mode">The clustering.</param>
    /// <param name="name">Of the configuration, for its file.</param>
    /// <param name="json">The configuration.</param>
    /// <param name="append">Further words for the guest's command line.</param>
    /// <param name="accelerator">Which QEMU emulates with.</param>
    /// <param name="limit">Until when it must have ended; null for as long as most tests wait.</param>
    public static MachineResult Run(
        string topology,
        ClusterMode mode,
        string name,
        string json,
        string append = "",
        Accelerator accelerator = Accelerator.Emulation,
        TimeSpan? limit = null
    )
    {
        return Run(topology, mode, MitigationMode.Off, Write(name, json), append, accelerator, limit);
    }

    /// <returns>Where it lies.</returns>
    public static string Write(string name, string json)
    {
        string path = Path.Combine(Repository.Locate().Output, "test", name + ".json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json);
        return path;
    }

    private static MachineResult Run(
        string topology,
        ClusterMode mode,
        MitigationMode mitigations,
        string? configuration,
        string append = "",
        Accelerator accelerator = Accelerator.Emulation,
        TimeSpan? limit = null
    )
    {
        using PreparedSystem system = PreparedSystem.Prepare(
            Repository.Locate(),
            topology,
            mode,
            mitigations,
            configuration
        );
        MachineOptions options = system.Options(append) with { Accelerator = accelerator };
        return QemuMachine.Run(options with { TimeLimit = limit ?? _patience });
    }
}
