using System;
using System.Collections.Generic;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Machines;

/// <summary>One run of QEMU.</summary>
public sealed record MachineOptions
{
    public static readonly TimeSpan DefaultTimeLimit = TimeSpan.FromSeconds(120);

    /// <summary>As many CPUs as start within the ordinary limit on a busy host, and what each further one takes there.</summary>
    private const int OrdinaryCpus = 64;
    private static readonly TimeSpan _perFurtherCpu = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a machine may run unless something else is asked for. 255 CPUs in as many clusters took 222 s on two busy
    /// processors.
    /// </summary>
    public static TimeSpan TimeLimitOf(int cpus) =>
        DefaultTimeLimit + Math.Max(0, cpus - OrdinaryCpus) * _perFurtherCpu;

    public required Topology Topology { get; init; }

    /// <summary>A 64-bit (or 32-bit) ELF with a PVH note.</summary>
    public required string Kernel { get; init; }

    /// <summary>Passed as the initial RAM disk.</summary>
    public string? Archive { get; init; }

    /// <summary>The guest's command line.</summary>
    public string CommandLine { get; init; } = "";

    public Accelerator Accelerator { get; init; } = Accelerator.Emulation;

    /// <summary>After which QEMU is killed. Without one it runs until it ends.</summary>
    public TimeSpan? TimeLimit { get; init; } = DefaultTimeLimit;

    /// <summary>Without a line of the serial console for so long QEMU is killed: what runs on has to say so.</summary>
    public TimeSpan? SilenceLimit { get; init; }

    /// <summary>Where the serial console is saved as it comes.</summary>
    public string? LogFile { get; init; }

    /// <summary>If set, QEMU waits on this TCP port for gdb before the first instruction.</summary>
    public int? DebuggerPort { get; init; }

    /// <summary>Further QEMU arguments, such as a plugin.</summary>
    public IReadOnlyList<string> ExtraArguments { get; init; } = [];
}
