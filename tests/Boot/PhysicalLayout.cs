using System.Linq;
using Skerry.Qemu.Topologies;

namespace Skerry.Tests.Boot;

/// <summary>Where QEMU's q35 puts the memory of the nodes: one behind the other, with a hole below 4 GiB.</summary>
internal static class PhysicalLayout
{
    // hw/i386/pc_q35.c: with this much memory or more, all above 2 GiB moves behind the hole.
    private const ulong HoleNeeded = 0xb000_0000;
    private const ulong BelowHole = 0x8000_0000;
    private const ulong AboveHole = 0x1_0000_0000;

    public static int NodeAt(Topology topology, ulong address)
    {
        ulong start = 0;
        foreach (TopologyNode node in topology.Nodes.Where(node => node.Memory != 0))
        {
            ulong offset = address >= AboveHole ? address - AboveHole + BelowHole : address;
            if (offset >= start && offset < start + node.Memory && IsMemory(topology, address))
            {
                return node.Id;
            }
            start += node.Memory;
        }
        return -1;
    }

    private static bool IsMemory(Topology topology, ulong address) =>
        topology.TotalMemory < HoleNeeded ? address < topology.TotalMemory : address is < BelowHole or >= AboveHole;
}
