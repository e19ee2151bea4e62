using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Clusters;
using Skerry.Boot.CommandLines;
using Skerry.Boot.Memory;
using Skerry.Boot.Topology;

namespace Skerry.Boot.Console;

/// <summary>
/// Prints the discovered machine for people. CPUs go by their number in ascending order of APIC id, as everywhere above
/// bootstrap; see <see cref="Records{TConsole}"/> for the lines that programs read.
/// </summary>
public static class Report<TConsole>
    where TConsole : struct, IConsole
{
    private const int Column = 5;

    public static void WriteMachine(ref MachineTopology machine)
    {
        Text<TConsole>.Write("machine: "u8);
        Text<TConsole>.Write((ulong)machine.NodeCount);
        Text<TConsole>.Write(" nodes, "u8);
        Text<TConsole>.Write((ulong)machine.CpuCount);
        Text<TConsole>.Line(" CPUs"u8);
        Span<Node> nodes = machine.Nodes;
        for (int i = 0; i < nodes.Length; i++)
        {
            WriteNode(ref machine, (uint)i, nodes[i]);
        }
        WriteDistances(ref machine);
        WriteCaches(ref machine, 2);
        WriteCaches(ref machine, 3);
    }

    public static void WriteClusters(
        ref MachineTopology machine,
        ref ClusterTable clusters,
        ref OwnedMemory shares,
        ClusterMode mode,
        bool mitigations,
        ulong textBytes,
        ulong dataBytes
    )
    {
        Text<TConsole>.Write("kernel instances: "u8);
        Text<TConsole>.Write((ulong)clusters.Count);
        Text<TConsole>.Write(" (cluster="u8);
        Text<TConsole>.Write(ClusterModeReader.Name(mode));
        Text<TConsole>.Write(mitigations ? ", mitigations=on"u8 : ", mitigations=off"u8);
        Text<TConsole>.Write("), each "u8);
        Text<TConsole>.WriteBytes(textBytes);
        Text<TConsole>.Write(" of text and "u8);
        Text<TConsole>.WriteBytes(dataBytes);
        Text<TConsole>.Line(" of data"u8);
        for (int i = 0; i < clusters.Count; i++)
        {
            WriteCluster(ref machine, clusters.Items[i], (uint)i, ref shares);
        }
    }

    private static void WriteNode(ref MachineTopology machine, uint index, Node node)
    {
        Text<TConsole>.Write("  node "u8);
        Text<TConsole>.Write(index);
        if (node.Domain != index)
        {
            Text<TConsole>.Write(" (proximity domain "u8);
            Text<TConsole>.Write(node.Domain);
            Text<TConsole>.Write(")"u8);
        }
        Text<TConsole>.Write(": "u8);
        Text<TConsole>.WriteBytes(node.MemoryBytes);
        if (node.CpuCount == 0)
        {
            Text<TConsole>.Line(", no CPUs"u8);
            return;
        }
        Text<TConsole>.Write(", CPUs "u8);
        CpuNumbers<TConsole>.Write(machine.Cpus, CpuProperty.Node, index);
        Text<TConsole>.Line();
    }

    private static void WriteDistances(ref MachineTopology machine)
    {
        Text<TConsole>.Line("distances (10 is local; from the row's node to the column's)"u8);
        for (uint from = 0; from < machine.NodeCount; from++)
        {
            Text<TConsole>.WriteRight(from, Column);
            Text<TConsole>.Write(":"u8);
            for (uint to = 0; to < machine.NodeCount; to++)
            {
                Text<TConsole>.WriteRight(machine.Distance(from, to), Column);
            }
            Text<TConsole>.Line();
        }
    }

    private static void WriteCaches(ref MachineTopology machine, uint level)
    {
        CpuProperty property = level == 2 ? CpuProperty.L2Group : CpuProperty.L3Group;
        Text<TConsole>.Write("CPUs that share an L"u8);
        Text<TConsole>.Write(level);
        Text<TConsole>.Write(":"u8);
        uint groups = CpuNumbers<TConsole>.CountOf(machine.Cpus, property);
        for (uint group = 0; group < groups; group++)
        {
            Text<TConsole>.Write(" {"u8);
            CpuNumbers<TConsole>.Write(machine.Cpus, property, group);
            Text<TConsole>.Write("}"u8);
        }
        Text<TConsole>.Line();
    }

    private static void WriteCluster(ref MachineTopology machine, Cluster cluster, uint number, ref OwnedMemory shares)
    {
        Text<TConsole>.Write("  cluster "u8);
        Text<TConsole>.Write(number);
        Text<TConsole>.Write(": CPUs "u8);
        CpuNumbers<TConsole>.Write(machine.Cpus, CpuProperty.Cluster, number);
        Text<TConsole>.Write(" of node "u8);
        Text<TConsole>.Write(cluster.Node);
        Text<TConsole>.Write(", kernel at "u8);
        Text<TConsole>.WriteHex(cluster.KernelImage.Base);
        Text<TConsole>.Write(" on node "u8);
        Text<TConsole>.Write(cluster.MemoryNode);
        Text<TConsole>.Write(", owns "u8);
        Text<TConsole>.WriteBytes(cluster.OwnedBytes);
        Text<TConsole>.Write(":"u8);
        Span<OwnedPiece> pieces = shares.Pieces;
        for (int i = 0; i < pieces.Length; i++)
        {
            if (pieces[i].Cluster == number)
            {
                Text<TConsole>.Write(" "u8);
                Text<TConsole>.WriteHex(pieces[i].Range.Base);
                Text<TConsole>.Write("-"u8);
                Text<TConsole>.WriteHex(pieces[i].Range.Base + pieces[i].Range.Length - 1);
            }
        }
        Text<TConsole>.Line();
    }
}
