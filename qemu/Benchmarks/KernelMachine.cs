using System.Collections.Generic;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Benchmarks;

/// <summary>One machine that the kernel's suite is measured on.</summary>
/// <param name="Name">As it stands in results and records.</param>
/// <param name="Topology">A name among qemu/topology-files, or of one in qemu/suites.</param>
/// <param name="Mode">The clustering.</param>
/// <param name="Append">Further words for the guest's command line.</param>
/// <param name="IsMulticore">Stands beside seL4 built for several CPUs.</param>
public sealed record KernelMachine(string Name, string Topology, ClusterMode Mode, string Append, bool IsMulticore)
{
    /// <summary>The smallest machine, and one cluster of four CPUs. A variant of the kernel is a further line.</summary>
    public static IReadOnlyList<KernelMachine> All { get; } =
    [
        new("1x1", "1x1", ClusterMode.L2, "", IsMulticore: false),
        new("2x2-machine", "2x2", ClusterMode.Machine, "", IsMulticore: true),
        new("1x1-mitigated", "1x1", ClusterMode.L2, "mitigations=on", IsMulticore: false),
        new("2x2-machine-mitigated", "2x2", ClusterMode.Machine, "mitigations=on", IsMulticore: true),
    ];
}
