using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Skerry.Boot.Topology;

namespace Skerry.Boot.Clusters;

/// <summary>All clusters; the boot CPU's is number 0.</summary>
public struct ClusterTable
{
    private ClusterItems _items;

    public int Count { get; private set; }

    [UnscopedRef]
    public Span<Cluster> Items => ((Span<Cluster>)_items).Slice(0, Count);

    public uint Add(Cluster cluster)
    {
        Span<Cluster> items = _items;
        items[Count] = cluster;
        return (uint)Count++;
    }

    /// <summary>Its CPUs belong to no cluster any more; those behind it move up by one.</summary>
    public void Remove(uint number, ref MachineTopology machine)
    {
        Span<Cluster> items = Items;
        for (int i = (int)number; i + 1 < items.Length; i++)
        {
            items[i] = items[i + 1];
        }
        Count--;
        Span<Cpu> cpus = machine.Cpus;
        for (int i = 0; i < cpus.Length; i++)
        {
            if (cpus[i].Cluster == number)
            {
                cpus[i].Cluster = Cpu.NoCluster;
            }
            else if (cpus[i].Cluster != Cpu.NoCluster && cpus[i].Cluster > number)
            {
                cpus[i].Cluster--;
            }
        }
    }

    [InlineArray(MachineTopology.MaximumCpus)]
    private struct ClusterItems
    {
        private Cluster _cluster;
    }
}
