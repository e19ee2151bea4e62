using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Acpi;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Memory;

/// <summary>Finds the node of all usable memory.</summary>
public static class NodeMemory
{
    /// <summary>Memory that no table names goes to the first node, with a warning where there is a table.</summary>
    public static void Assign(
        ref RangeSet usable,
        ref AffinityTable affinity,
        ref MachineTopology machine,
        ref OwnedMemory memory,
        ref WarningList warnings
    )
    {
        CountBytes(ref usable, ref affinity, ref machine);
        // Of ranges that there was no room for it has been said that their memory goes to the first node.
        bool isTold = affinity.IsPresent && affinity.LostBytes == 0;
        ReadOnlySpan<PhysicalRange> ranges = usable.Ranges;
        for (int i = 0; i < ranges.Length; i++)
        {
            ulong next = ranges[i].Base;
            ulong end = next + ranges[i].Length;
            ReadOnlySpan<MemoryAffinity> named = affinity.IsPresent ? affinity.Memory : default;
            for (int j = 0; j < named.Length && next < end; j++)
            {
                ulong from = PageUp(next > named[j].Base ? next : named[j].Base);
                ulong to = PageDown(end < named[j].End ? end : named[j].End);
                if (from >= to)
                {
                    continue;
                }
                AddUnnamed(next, from, isTold, ref memory, ref warnings);
                memory.Add(from, to - from, NodeOf(named[j].Domain, ref machine), Cpu.NoCluster);
                next = to;
            }
            AddUnnamed(next, end, isTold, ref memory, ref warnings);
        }
        if (memory.LostBytes != 0)
        {
            warnings.Add(WarningSource.Memory, WarningReason.PiecesLost, memory.LostBytes);
        }
    }

    /// <summary>What the firmware names for each node, occupied or not; without a table, what is usable.</summary>
    private static void CountBytes(ref RangeSet usable, ref AffinityTable affinity, ref MachineTopology machine)
    {
        ReadOnlySpan<MemoryAffinity> named = affinity.Memory;
        for (int i = 0; affinity.IsPresent && i < named.Length; i++)
        {
            machine.Nodes[(int)NodeOf(named[i].Domain, ref machine)].MemoryBytes += named[i].Length;
        }
        ReadOnlySpan<PhysicalRange> ranges = usable.Ranges;
        for (int i = 0; !affinity.IsPresent && i < ranges.Length; i++)
        {
            machine.Nodes[0].MemoryBytes += ranges[i].Length;
        }
    }

    /// <summary>The first node stands in for those that there was no room for.</summary>
    private static uint NodeOf(uint domain, ref MachineTopology machine)
    {
        int node = machine.FindNode(domain);
        return node < 0 ? 0 : (uint)node;
    }

    private static void AddUnnamed(ulong from, ulong to, bool isTold, ref OwnedMemory memory, ref WarningList warnings)
    {
        if (from >= to)
        {
            return;
        }
        if (isTold)
        {
            warnings.Add(WarningSource.Srat, WarningReason.UnnamedMemory, to - from);
        }
        memory.Add(from, to - from, 0, Cpu.NoCluster);
    }

    private static ulong PageUp(ulong address) =>
        (address + PhysicalMemory.PageSize - 1) & ~(PhysicalMemory.PageSize - 1);

    private static ulong PageDown(ulong address) => address & ~(PhysicalMemory.PageSize - 1);
}
