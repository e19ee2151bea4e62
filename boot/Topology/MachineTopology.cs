using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Skerry.Boot.Layout;

namespace Skerry.Boot.Topology;

/// <summary>The machine as it was found: CPUs by ascending APIC id, nodes by ascending domain, their distances.</summary>
public struct MachineTopology
{
    public const int MaximumCpus = BootLayout.MaximumProcessors;
    public const int MaximumNodes = 256;

    private CpuItems _cpus;
    private NodeItems _nodes;
    private DistanceItems _distances;

    public int CpuCount { get; private set; }
    public int NodeCount { get; private set; }

    [UnscopedRef]
    public Span<Cpu> Cpus => ((Span<Cpu>)_cpus).Slice(0, CpuCount);

    [UnscopedRef]
    public Span<Node> Nodes => ((Span<Node>)_nodes).Slice(0, NodeCount);

    [UnscopedRef]
    private Span<byte> Distances => _distances;

    public byte Distance(uint from, uint to) => Distances[(int)(from * MaximumNodes + to)];

    public void SetDistance(uint from, uint to, byte distance) => Distances[(int)(from * MaximumNodes + to)] = distance;

    /// <summary>The node of a domain, or -1.</summary>
    public int FindNode(uint domain)
    {
        Span<Node> nodes = Nodes;
        for (int i = 0; i < nodes.Length; i++)
        {
            if (nodes[i].Domain == domain)
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>In its place by domain; nothing happens if it is there.</summary>
    /// <returns>False: no room.</returns>
    public bool AddNode(uint domain)
    {
        if (FindNode(domain) >= 0)
        {
            return true;
        }
        if (NodeCount == MaximumNodes)
        {
            return false;
        }
        Span<Node> nodes = _nodes;
        int place = NodeCount++;
        for (; place > 0 && nodes[place - 1].Domain > domain; place--)
        {
            nodes[place] = nodes[place - 1];
        }
        nodes[place] = new Node { Domain = domain };
        return true;
    }

    /// <summary>CPUs come in ascending order of APIC id.</summary>
    public void AddCpu(Cpu cpu)
    {
        Span<Cpu> cpus = _cpus;
        cpus[CpuCount++] = cpu;
        Nodes[(int)cpu.Node].CpuCount++;
    }

    [InlineArray(MaximumCpus)]
    private struct CpuItems
    {
        private Cpu _cpu;
    }

    [InlineArray(MaximumNodes)]
    private struct NodeItems
    {
        private Node _node;
    }

    [InlineArray(MaximumNodes * MaximumNodes)]
    private struct DistanceItems
    {
        private byte _distance;
    }
}
