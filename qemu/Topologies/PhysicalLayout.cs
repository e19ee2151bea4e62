using System;
using System.Collections.Generic;
using System.Linq;

namespace Skerry.Qemu.Topologies;

/// <summary>Where QEMU's q35 puts the memory of the nodes: one behind the other, with a hole below 4 GiB.</summary>
public static class PhysicalLayout
{
    // hw/i386/pc_q35.c: with this much memory or more, all above 2 GiB moves behind the hole.
    private const ulong HoleNeeded = 0xb000_0000;
    private const ulong BelowHole = 0x8000_0000;
    private const ulong AboveHole = 0x1_0000_0000;

    /// <summary>Bytes below 4 GiB, from address 0 on.</summary>
    public static ulong LowBytes(Topology topology) =>
        topology.TotalMemory >= HoleNeeded ? BelowHole : topology.TotalMemory;

    /// <summary>All memory, in ascending order; a node on both sides of the hole has two pieces.</summary>
    public static IEnumerable<(int Node, ulong Start, ulong End)> Pieces(Topology topology)
    {
        ulong low = LowBytes(topology);
        ulong start = 0;
        foreach (TopologyNode node in topology.Nodes.Where(node => node.Memory != 0))
        {
            ulong end = start + node.Memory;
            if (start < low)
            {
                yield return (node.Id, start, Math.Min(end, low));
            }
            if (end > low)
            {
                yield return (node.Id, AboveHole + Math.Max(start, low) - low, AboveHole + end - low);
            }
            start = end;
        }
    }

    /// <summary>The node that an address lies on; -1 for none.</summary>
    public static int NodeAt(Topology topology, ulong address) =>
        Pieces(topology)
            .Where(piece => address >= piece.Start && address < piece.End)
            .Select(piece => piece.Node)
            .DefaultIfEmpty(-1)
            .First();
}
