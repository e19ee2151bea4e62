using System.Collections.Generic;
using System.Linq;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Sockets, APIC ids and the clusters predicted from them.</summary>
public sealed class MachineShapeTests
{
    [Fact]
    public void EvenNodesAreSockets()
    {
        Topology topology = TestFiles.Shipped("4x4");
        Assert.Equal((4, 2, 2), (topology.Shape.Sockets, topology.Shape.Cores, topology.Shape.Threads));
        Assert.Equal(Enumerable.Range(0, 16), topology.Cpus.Select(cpu => cpu.ApicId));
    }

    [Fact]
    public void ApicIdsHaveGapsWhereCountsAreNoPowersOfTwo()
    {
        Topology topology = TestFiles.Shipped("8x10");
        // Five cores of two threads take 4 bits; each socket starts at a multiple of 16.
        Assert.Equal(
            Enumerable.Range(0, 10).Concat(Enumerable.Range(16, 10)),
            topology.Cpus.Take(20).Select(cpu => cpu.ApicId)
        );
        Assert.Equal(121, topology.Cpus[^1].ApicId);
    }

    [Fact]
    public void ClustersOfMoreCpusThanAKernelRunsAreCut()
    {
        Topology topology = TestFiles.Topology(
            """{ "nodes": [{ "memory": "1G", "cpus": 512 }, { "memory": "1G", "cpus": 512 }] }"""
        );
        Assert.Equal(
            [256, 256, 256, 256],
            ClusterPrediction.Of(topology, ClusterMode.Node).Select(cluster => cluster.Cpus.Count)
        );
        Assert.Equal(
            [256, 256, 256, 256],
            ClusterPrediction.Of(topology, ClusterMode.Machine).Select(cluster => cluster.Cpus.Count)
        );
    }

    [Fact]
    public void UnevenNodesShareNoSocket()
    {
        Topology topology = TestFiles.Shipped("asymmetric-distances");
        Assert.Equal((3, 1, 2), (topology.Shape.Sockets, topology.Shape.Cores, topology.Shape.Threads));
        Assert.All(
            topology.Cpus.GroupBy(cpu => cpu.Socket),
            socket => Assert.Single(socket.Select(cpu => cpu.Node).Distinct())
        );
    }

    [Theory]
    [InlineData(ClusterMode.L2, 8, 2)]
    [InlineData(ClusterMode.Cpu, 16, 1)]
    [InlineData(ClusterMode.Node, 4, 4)]
    [InlineData(ClusterMode.Machine, 1, 16)]
    public void PredictsClusters(ClusterMode mode, int count, int size)
    {
        IReadOnlyList<PredictedCluster> clusters = ClusterPrediction.Of(TestFiles.Shipped("4x4"), mode);
        Assert.Equal(count, clusters.Count);
        Assert.All(clusters, cluster => Assert.Equal(size, cluster.Cpus.Count));
        Assert.Equal(Enumerable.Range(0, 16), clusters.SelectMany(cluster => cluster.Cpus));
        Assert.Equal(Enumerable.Range(0, count), clusters.Select(cluster => cluster.Id));
    }

    [Fact]
    public void MemorylessClustersTakeTheNearestNode()
    {
        IReadOnlyList<PredictedCluster> clusters = ClusterPrediction.Of(
            TestFiles.Shipped("memoryless-node"),
            ClusterMode.Node
        );
        Assert.Equal([0, 2, 2], clusters.Select(cluster => cluster.MemoryNode));
    }

    [Fact]
    public void WithoutTablesThereIsOneNode()
    {
        Assert.Single(ClusterPrediction.Of(TestFiles.Shipped("no-srat"), ClusterMode.Node));
        Assert.Equal(2, ClusterPrediction.Of(TestFiles.Shipped("no-srat"), ClusterMode.L2).Count);
    }

    [Fact]
    public void EveryShippedTopologyIsValid()
    {
        var repository = Skerry.Qemu.Repository.Locate();
        string[] required = ["1x1", "2x2", "4x4", "8x10", "memoryless-node", "cpuless-node", "more-nodes-than-cpus"];
        Assert.Empty(required.Except(TopologyCatalog.Names(repository)));
        Assert.All(
            TopologyCatalog.Names(repository),
            name => Assert.Equal(name, TopologyCatalog.Load(repository, name).Name)
        );
    }
}
