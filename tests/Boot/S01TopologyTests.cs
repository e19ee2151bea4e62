using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Skerry.Qemu.Commands;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// What bootstrap says of every machine in every clustering is what the topology's file says. The end is a success, made
/// by a program in core's place, so every kernel was entered too.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S01TopologyTests
{
    private const ulong Mebi = 1 << 20;

    /// <summary>255 kernels on a busy host with two processors take more than a minute.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(240);

    public static TheoryData<string, ClusterMode> Machines
    {
        get
        {
            var machines = new TheoryData<string, ClusterMode>();
            foreach (string topology in Guest.Topologies)
            {
                machines.Add(topology, ClusterMode.L2);
            }
            foreach (string topology in new[] { "4x4", "memoryless-node", "no-srat" })
            {
                machines.Add(topology, ClusterMode.Cpu);
                machines.Add(topology, ClusterMode.Node);
                machines.Add(topology, ClusterMode.Machine);
            }
            return machines;
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void TheMachineIsDescribedAsItsFileSays(string name, ClusterMode mode)
    {
        Topology topology = Guest.Topology(name);
        MachineOptions options = Guest.Options(topology, mode, "describe", Guest.Smallest());
        MachineResult result = QemuMachine.Run(options with { TimeLimit = _patience }).Require(ExitStatus.Success);
        IReadOnlyList<PredictedCluster> clusters = ClusterPrediction.Of(topology, mode);
        CheckSummary(topology, mode, clusters, result);
        CheckNodes(topology, result);
        CheckCaches(topology, result);
        CheckClusters(topology, clusters, result);
    }

    private static void CheckSummary(
        Topology topology,
        ClusterMode mode,
        IReadOnlyList<PredictedCluster> clusters,
        MachineResult result
    )
    {
        RecordLine summary = result.RecordsOf("topology").First();
        Assert.Equal(NodesOf(topology).Count, Number(summary, "nodes"));
        Assert.Equal(topology.Cpus.Count, Number(summary, "cpus"));
        Assert.Equal(0, Number(summary, "unused"));
        // Of a firmware that says nothing of nodes, bootstrap warns.
        Assert.Equal(topology.HasNumaTables ? 0 : 1, Number(summary, "warnings"));
        Assert.Equal(clusters.Count, Number(summary, "clusters"));
        Assert.Equal(PreparedSystem.Word(mode), summary.Fields["mode"]);
    }

    private static void CheckNodes(Topology topology, MachineResult result)
    {
        RecordLine[] lines = result.RecordsOf("topology").Where(line => line.Fields.ContainsKey("node")).ToArray();
        IReadOnlyList<TopologyNode> nodes = NodesOf(topology);
        Assert.Equal(nodes.Count, lines.Length);
        foreach ((TopologyNode node, RecordLine line) in nodes.Zip(lines))
        {
            Assert.Equal(node.Id, Number(line, "node"));
            // The first node lacks the hole below 1 MiB and, if the memory map alone tells, bootstrap's own image.
            ulong hole = topology.HasNumaTables ? Mebi : 4 * Mebi;
            ulong memory = ulong.Parse(line.Fields["memory"], CultureInfo.InvariantCulture);
            Assert.InRange(memory, node.Memory - Math.Min(node.Memory, hole), node.Memory);
            int[] cpus = topology
                .Cpus.Where(cpu => !topology.HasNumaTables || cpu.Node == node.Id)
                .Select(cpu => cpu.Id)
                .ToArray();
            Assert.Equal(cpus, CpuList.Parse(line.Fields["cpus"]));
            IEnumerable<uint> distances = topology.HasNumaTables
                ? topology.Distances[node.Id]
                : [Topology.LocalDistance];
            Assert.Equal(string.Join(',', distances), line.Fields["distances"]);
        }
    }

    private static void CheckCaches(Topology topology, MachineResult result)
    {
        RecordLine line = result.RecordsOf("topology").Single(line => line.Fields.GetValueOrDefault("cache") == "l2");
        IEnumerable<int[]> groups = line.Fields["groups"].Split('/').Select(CpuList.Parse);
        Assert.Equal(ClusterPrediction.Of(topology, ClusterMode.L2).Select(cluster => cluster.Cpus), groups);
    }

    private static void CheckClusters(Topology topology, IReadOnlyList<PredictedCluster> clusters, MachineResult result)
    {
        RecordLine[] lines = result.RecordsOf("cluster").ToArray();
        Assert.Equal(clusters.Count, lines.Length);
        foreach ((PredictedCluster cluster, RecordLine line) in clusters.Zip(lines))
        {
            Assert.Equal(cluster.Id, Number(line, "id"));
            Assert.Equal(cluster.Cpus, CpuList.Parse(line.Fields["cpus"]));
            Assert.Equal(cluster.MemoryNode, Number(line, "memory-node"));
            ulong kernel = Convert.ToUInt64(line.Fields["kernel"], 16);
            Assert.Equal(cluster.MemoryNode, PhysicalLayout.NodeAt(topology, kernel));
        }
        Assert.Equal(lines.Length, lines.Select(line => line.Fields["kernel"]).Distinct().Count());
    }

    /// <summary>Without tables the guest sees one node with all memory and all CPUs.</summary>
    private static IReadOnlyList<TopologyNode> NodesOf(Topology topology) =>
        topology.HasNumaTables
            ? topology.Nodes
            : [new TopologyNode(0, topology.TotalMemory, topology.Cpus.Count, default)];

    private static int Number(RecordLine line, string field) =>
        int.Parse(line.Fields[field], CultureInfo.InvariantCulture);
}
