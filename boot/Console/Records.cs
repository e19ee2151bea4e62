using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Clusters;
using Skerry.Boot.CommandLines;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Console;

/// <summary>The @topology and @cluster lines (docs/serial-lines.md).</summary>
public static class Records<TConsole>
    where TConsole : struct, IConsole
{
    public static void Write(
        ref MachineTopology machine,
        ref ClusterTable clusters,
        ClusterMode mode,
        ulong textBytes,
        ulong dataBytes,
        ulong tscHertz,
        ref WarningList warnings
    )
    {
        WriteSummary(ref machine, ref clusters, mode, tscHertz, ref warnings);
        Span<Node> nodes = machine.Nodes;
        for (uint i = 0; i < nodes.Length; i++)
        {
            WriteNode(ref machine, i, nodes[(int)i]);
        }
        WriteCaches(ref machine, CpuProperty.L2Group, "l2"u8);
        WriteCaches(ref machine, CpuProperty.L3Group, "l3"u8);
        Span<Cluster> items = clusters.Items;
        for (uint i = 0; i < items.Length; i++)
        {
            WriteCluster(ref machine, i, items[(int)i], textBytes, dataBytes);
        }
    }

    private static void WriteSummary(
        ref MachineTopology machine,
        ref ClusterTable clusters,
        ClusterMode mode,
        ulong tscHertz,
        ref WarningList warnings
    )
    {
        ulong memory = 0;
        for (int i = 0; i < machine.NodeCount; i++)
        {
            memory += machine.Nodes[i].MemoryBytes;
        }
        ulong unused = 0;
        for (int i = 0; i < machine.CpuCount; i++)
        {
            unused += machine.Cpus[i].Cluster == Cpu.NoCluster ? 1u : 0;
        }
        Text<TConsole>.Write("@topology"u8);
        Text<TConsole>.Field("nodes"u8, (ulong)machine.NodeCount);
        Text<TConsole>.Field("cpus"u8, (ulong)machine.CpuCount);
        Text<TConsole>.Field("unused"u8, unused);
        Text<TConsole>.Field("clusters"u8, (ulong)clusters.Count);
        Text<TConsole>.FieldName("mode"u8);
        Text<TConsole>.Write(ClusterModeReader.Name(mode));
        Text<TConsole>.Field("memory"u8, memory);
        Text<TConsole>.Field("tsc-hertz"u8, tscHertz);
        Text<TConsole>.Field("warnings"u8, (ulong)warnings.Count);
        Text<TConsole>.Line();
    }

    private static void WriteNode(ref MachineTopology machine, uint index, Node node)
    {
        Text<TConsole>.Write("@topology"u8);
        Text<TConsole>.Field("node"u8, index);
        Text<TConsole>.Field("domain"u8, node.Domain);
        Text<TConsole>.Field("memory"u8, node.MemoryBytes);
        Text<TConsole>.FieldName("cpus"u8);
        CpuNumbers<TConsole>.Write(machine.Cpus, CpuProperty.Node, index);
        Text<TConsole>.FieldName("distances"u8);
        for (uint to = 0; to < machine.NodeCount; to++)
        {
            Text<TConsole>.Write(to == 0 ? ""u8 : ","u8);
            Text<TConsole>.Write(machine.Distance(index, to));
        }
        Text<TConsole>.Line();
    }

    private static void WriteCaches(ref MachineTopology machine, CpuProperty property, ReadOnlySpan<byte> name)
    {
        Text<TConsole>.Write("@topology cache="u8);
        Text<TConsole>.Write(name);
        Text<TConsole>.FieldName("groups"u8);
        uint groups = CpuNumbers<TConsole>.CountOf(machine.Cpus, property);
        for (uint group = 0; group < groups; group++)
        {
            Text<TConsole>.Write(group == 0 ? ""u8 : "/"u8);
            CpuNumbers<TConsole>.Write(machine.Cpus, property, group);
        }
        Text<TConsole>.Line();
    }

    private static void WriteCluster(
        ref MachineTopology machine,
        uint number,
        Cluster cluster,
        ulong textBytes,
        ulong dataBytes
    )
    {
        Text<TConsole>.Write("@cluster"u8);
        Text<TConsole>.Field("id"u8, number);
        Text<TConsole>.Field("node"u8, cluster.Node);
        Text<TConsole>.Field("memory-node"u8, cluster.MemoryNode);
        Text<TConsole>.FieldName("cpus"u8);
        CpuNumbers<TConsole>.Write(machine.Cpus, CpuProperty.Cluster, number);
        Text<TConsole>.FieldHex("kernel"u8, cluster.KernelImage.Base);
        Text<TConsole>.Field("text"u8, textBytes);
        Text<TConsole>.Field("data"u8, dataBytes);
        Text<TConsole>.Field("owned"u8, cluster.OwnedBytes);
        Text<TConsole>.Line();
    }
}
