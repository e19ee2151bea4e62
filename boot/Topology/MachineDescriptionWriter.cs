using System;
using System.Runtime.CompilerServices;
using Skerry.Abi.Boot;
using Skerry.Base.Needs;
using Skerry.Boot.Clusters;
using Skerry.Boot.Memory;

namespace Skerry.Boot.Topology;

/// <summary>Writes the description of the whole machine that core gets. CPUs that no kernel runs are not in it.</summary>
public static unsafe class MachineDescriptionWriter
{
    /// <summary>An upper bound, known before the clusters are final.</summary>
    public static uint MaximumBytes(ref MachineTopology machine, int memoryRanges, int commandLineBytes) =>
        (uint)(
            Align(sizeof(MachineHeader))
            + machine.NodeCount * sizeof(MachineNode)
            + machine.CpuCount * sizeof(Skerry.Abi.Boot.MachineCpu)
            + machine.CpuCount * sizeof(MachineCluster)
            + memoryRanges * sizeof(MachineMemoryRange)
            + Align(machine.NodeCount * machine.NodeCount)
            + Align(commandLineBytes + 1)
            + 6 * 8
        );

    /// <summary>The zeroed bytes at <paramref name="target"/> are as many as <see cref="MaximumBytes"/> said.</summary>
    public static void Write(
        byte* target,
        ref MachineTopology machine,
        ref ClusterTable clusters,
        ref OwnedMemory shares,
        ReadOnlySpan<byte> commandLine,
        ClusterMode mode,
        ulong textBytes,
        ulong dataBytes,
        uint warnings
    )
    {
        var header = (MachineHeader*)target;
        header->Magic = MachineHeader.ExpectedMagic;
        header->ClusterMode = mode;
        header->Warnings = warnings;
        uint next = (uint)Align(sizeof(MachineHeader));
        header->NodesOffset = next;
        next += WriteNodes((MachineNode*)(target + next), header, ref machine);
        header->CpusOffset = next;
        next += WriteCpus((MachineCpu*)(target + next), header, ref machine);
        header->ClustersOffset = next;
        next += WriteClusters(
            (MachineCluster*)(target + next),
            header,
            ref machine,
            ref clusters,
            textBytes,
            dataBytes
        );
        header->MemoryRangesOffset = next;
        next += WriteRanges((MachineMemoryRange*)(target + next), header, ref shares);
        header->DistancesOffset = next;
        for (uint i = 0; i < machine.NodeCount * machine.NodeCount; i++)
        {
            target[next++] = machine.Distance(i / (uint)machine.NodeCount, i % (uint)machine.NodeCount);
        }
        if (!commandLine.IsEmpty)
        {
            header->CommandLineOffset = next;
            header->CommandLineBytes = (uint)commandLine.Length;
            commandLine.CopyTo(new Span<byte>(target + next, commandLine.Length));
            next += (uint)commandLine.Length + 1;
        }
        header->TotalBytes = next;
    }

    private static uint WriteNodes(MachineNode* target, MachineHeader* header, ref MachineTopology machine)
    {
        Span<Node> nodes = machine.Nodes;
        Span<Cpu> cpus = machine.Cpus;
        for (int i = 0; i < nodes.Length; i++)
        {
            target[i].ProximityDomain = nodes[i].Domain;
            target[i].MemoryBytes = nodes[i].MemoryBytes;
        }
        for (int i = 0; i < cpus.Length; i++)
        {
            target[cpus[i].Node].CpuCount += cpus[i].Cluster != Cpu.NoCluster ? 1u : 0;
        }
        header->NodeCount = (uint)nodes.Length;
        return (uint)(nodes.Length * sizeof(MachineNode));
    }

    /// <summary>All of them, those that no kernel runs too: so each has the number that a configuration means.</summary>
    private static uint WriteCpus(MachineCpu* target, MachineHeader* header, ref MachineTopology machine)
    {
        Span<Cpu> cpus = machine.Cpus;
        for (int i = 0; i < cpus.Length; i++)
        {
            bool isParked = cpus[i].Cluster == Cpu.NoCluster;
            target[i] = new MachineCpu
            {
                ApicId = cpus[i].ApicId,
                Node = cpus[i].Node,
                Cluster = isParked ? ParkedCluster.Of(cpus[i].FormedCluster) : cpus[i].Cluster,
                IndexInCluster = cpus[i].IndexInCluster,
                L2Group = cpus[i].L2Group,
                L3Group = cpus[i].L3Group,
            };
        }
        header->CpuCount = (uint)cpus.Length;
        return Padded(header->CpuCount * (uint)sizeof(MachineCpu));
    }

    private static uint WriteClusters(
        MachineCluster* target,
        MachineHeader* header,
        ref MachineTopology machine,
        ref ClusterTable clusters,
        ulong textBytes,
        ulong dataBytes
    )
    {
        Span<Cluster> items = clusters.Items;
        for (int i = 0; i < items.Length; i++)
        {
            target[i] = new MachineCluster
            {
                MemoryNode = items[i].MemoryNode,
                CpuCount = items[i].CpuCount,
                FirstCpu = items[i].FirstCpu,
                FirstApicId = machine.Cpus[(int)items[i].FirstCpu].ApicId,
                KernelImage = items[i].KernelImage,
                KernelTextBytes = textBytes,
                KernelDataBytes = dataBytes,
                OwnedBytes = items[i].OwnedBytes,
                Inbound = items[i].Inbound,
            };
        }
        header->ClusterCount = (uint)items.Length;
        return (uint)(items.Length * sizeof(MachineCluster));
    }

    private static uint WriteRanges(MachineMemoryRange* target, MachineHeader* header, ref OwnedMemory shares)
    {
        Span<OwnedPiece> pieces = shares.Pieces;
        for (int i = 0; i < pieces.Length; i++)
        {
            target[i] = new MachineMemoryRange
            {
                Range = pieces[i].Range,
                Node = pieces[i].Node,
                Cluster = pieces[i].Cluster,
            };
        }
        header->MemoryRangeCount = (uint)pieces.Length;
        return (uint)(pieces.Length * sizeof(MachineMemoryRange));
    }

    private static uint Padded(uint bytes) => (bytes + 7) & ~7u;

    private static int Align(int bytes) => (bytes + 7) & ~7;
}
