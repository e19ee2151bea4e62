using System.Collections.Generic;
using System.Linq;

namespace Skerry.Qemu.Topologies;

/// <summary>A machine that QEMU can be, as a topology file describes it.</summary>
public sealed class Topology
{
    /// <summary>Distance of a node to itself, fixed by ACPI (6.5, 5.2.17).</summary>
    public const uint LocalDistance = 10;

    /// <summary>Distance between two nodes where the file gives none.</summary>
    public const uint DefaultRemoteDistance = 20;

    /// <summary>
    /// The CPU that a machine has unless its file names another. Under emulation "max" has all that QEMU can emulate
    /// (SMEP, SMAP, UMIP, NX, FSGSBASE, 1 GiB pages, AVX2), but calls itself AMD, lacks TOPOEXT and so says nothing of
    /// cache sharing. Named as Intel's, it answers CPUID leaf 4 with the L2 shared by the threads of a core.
    /// </summary>
    public const string DefaultCpuModel = "max,vendor=GenuineIntel";

    public required string Name { get; init; }

    public required string File { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<TopologyNode> Nodes { get; init; }

    public required int ThreadsPerL2 { get; init; }

    /// <summary>From a row's node to a column's node; need not be symmetric.</summary>
    public required IReadOnlyList<IReadOnlyList<uint>> Distances { get; init; }

    public HeterogeneousMemory? HeterogeneousMemory { get; init; }

    /// <summary>Whether the firmware has tables about nodes at all; without them the guest knows one node.</summary>
    public required bool HasNumaTables { get; init; }

    public required string CpuModel { get; init; }

    public required MachineShape Shape { get; init; }

    public required IReadOnlyList<MachineCpu> Cpus { get; init; }

    /// <summary>In bytes.</summary>
    public ulong TotalMemory => Nodes.Aggregate(0UL, (sum, node) => sum + node.Memory);

    /// <summary>The node with memory that is nearest to a node; the lower number of two equally near ones.</summary>
    public int NearestMemory(int node) =>
        Nodes
            .Where(other => other.Memory > 0)
            .OrderBy(other => Distances[node][other.Id])
            .ThenBy(other => other.Id)
            .First()
            .Id;
}
