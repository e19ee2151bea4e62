using System.Collections.Generic;

namespace Skerry.Qemu.Topologies;

/// <summary>
/// What the ACPI heterogeneous memory attribute table (HMAT) is to say. Rows are nodes with CPUs, columns nodes with
/// memory; 0 leaves a pair out.
/// </summary>
/// <param name="Latency">Access latency in nanoseconds.</param>
/// <param name="Bandwidth">Access bandwidth in MiB per second.</param>
public sealed record HeterogeneousMemory(
    IReadOnlyList<IReadOnlyList<uint>> Latency,
    IReadOnlyList<IReadOnlyList<uint>> Bandwidth
);
