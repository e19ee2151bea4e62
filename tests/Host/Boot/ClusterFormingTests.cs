using System.Linq;
using Skerry.Abi.Boot;
using Skerry.Boot.Clusters;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;
using Xunit;

namespace Skerry.Tests.Host.Boot;

public sealed class ClusterFormingTests
{
    [Theory]
    [InlineData(ClusterMode.L2, 8, 2)]
    [InlineData(ClusterMode.Cpu, 16, 1)]
    [InlineData(ClusterMode.Node, 4, 4)]
    [InlineData(ClusterMode.Machine, 1, 16)]
    public void TheDefaultMachineInEveryMode(ClusterMode mode, int clusters, int cpusEach)
    {
        MachineBuilder builder = MachineBuilder.From("4x4", l2Shift: 1).Form(mode);
        Assert.Equal(clusters, builder.Clusters.Count);
        Assert.All(builder.Clusters.Items.ToArray(), cluster => Assert.Equal((uint)cpusEach, cluster.CpuCount));
        Assert.Equal(16 / clusters, builder.Machine.Cpus.ToArray().Count(cpu => cpu.Cluster == 0));
        AssertConsistent(builder);
    }

    [Theory]
    [InlineData("8x10", 1, 40)]
    [InlineData("gaps", 1, 4)]
    [InlineData("gaps", 2, 2)]
    [InlineData("more-nodes-than-cpus", 0, 2)]
    [InlineData("cpuless-node", 1, 2)]
    [InlineData("memoryless-node", 1, 3)]
    [InlineData("asymmetric-distances", 1, 3)]
    public void OtherMachinesByL2(string machine, byte l2Shift, int clusters)
    {
        MachineBuilder builder = MachineBuilder.From(machine, l2Shift).Form(ClusterMode.L2);
        Assert.Equal(clusters, builder.Clusters.Count);
        AssertConsistent(builder);
    }

    [Fact]
    public void TheBootCpusClusterIsFirst()
    {
        MachineBuilder builder = MachineBuilder.From("4x4", l2Shift: 1).Form(ClusterMode.Node, bootApicId: 9);
        Assert.Equal([1u, 2u, 0u, 3u], new[] { 0, 4, 8, 12 }.Select(i => builder.Machine.Cpus[i].Cluster));
        Assert.Equal(8u, builder.Clusters.Items[0].FirstCpu);
    }

    /// <summary>The last CPU is the boot CPU, whose cluster comes first.</summary>
    [Fact]
    public void AClusterOfMoreCpusThanAKernelRunsIsDivided()
    {
        const int cpus = 700;
        var builder = new MachineBuilder();
        for (uint id = 0; id < cpus; id++)
        {
            builder.Cpu(id * 3);
        }
        builder.Build().Form(ClusterMode.Machine, bootApicId: (cpus - 1) * 3);
        Assert.Equal(
            [BootInformation.MaximumCpus, BootInformation.MaximumCpus, cpus - 2 * BootInformation.MaximumCpus],
            builder.Clusters.Items.ToArray().Select(cluster => (int)cluster.CpuCount)
        );
        Assert.Equal(0u, builder.Machine.Cpus[cpus - 1].Cluster);
        Assert.Equal(
            [cpus, cpus - BootInformation.MaximumCpus],
            builder.AllWarnings.Select(warning => (int)warning.Detail)
        );
        Assert.All(builder.AllWarnings, warning => Assert.Equal(WarningReason.ClusterDivided, warning.Reason));
        AssertConsistent(builder);
    }

    [Fact]
    public void ACacheThatReachesOverANodesBorderIsDivided()
    {
        var builder = new MachineBuilder();
        for (uint id = 0; id < 4; id++)
        {
            builder.Cpu(id, domain: id % 2, l2Shift: 2);
        }
        builder.Build().Form(ClusterMode.L2);
        Assert.Equal([0u, 1u, 0u, 1u], builder.Machine.Cpus.ToArray().Select(cpu => cpu.Cluster));
    }

    [Fact]
    public void WithoutTablesThereIsOneNode()
    {
        MachineBuilder builder = new MachineBuilder().Cpu(0).Build().Form(ClusterMode.Node);
        Assert.Equal((1, 1, 1), (builder.Machine.NodeCount, builder.Machine.CpuCount, builder.Clusters.Count));
        Assert.Empty(builder.AllWarnings);
    }

    [Fact]
    public void ACpuThatNoTableNamesGoesToTheFirstNode()
    {
        MachineBuilder builder = new MachineBuilder().Cpu(0, domain: 5).Cpu(1).Cpu(2, domain: 3).Build();
        Assert.Equal([3u, 5u], builder.Machine.Nodes.ToArray().Select(node => node.Domain));
        Assert.Equal([1u, 0u, 0u], builder.Machine.Cpus.ToArray().Select(cpu => cpu.Node));
        Warning warning = Assert.Single(builder.AllWarnings);
        Assert.Equal((WarningReason.CpuWithoutNode, 1ul), (warning.Reason, warning.Detail));
    }

    [Fact]
    public void ACpuThatDoesNotAnswerIsSaidAndLeftOut()
    {
        var builder = new MachineBuilder();
        builder.Listed.Add(7);
        builder.Cpu(0).Build();
        Assert.Equal(1, builder.Machine.CpuCount);
        Assert.False(builder.Listed.Contains(7));
        Warning warning = Assert.Single(builder.AllWarnings);
        Assert.Equal(
            (WarningSource.Cpu, WarningReason.NoAnswer, 7ul),
            (warning.Source, warning.Reason, warning.Detail)
        );
    }

    [Fact]
    public void RemovingAClusterLeavesItsCpusUnusedAndMovesTheOthersUp()
    {
        MachineBuilder builder = MachineBuilder.From("4x4", l2Shift: 1).Form(ClusterMode.Node);
        builder.Clusters.Remove(1, ref builder.Machine);
        Assert.Equal([0u, Cpu.NoCluster, 1u, 2u], new[] { 0, 4, 8, 12 }.Select(i => builder.Machine.Cpus[i].Cluster));
        Assert.Equal(12u, builder.Clusters.Items[2].FirstCpu);
    }

    private static void AssertConsistent(MachineBuilder builder)
    {
        Cpu[] cpus = builder.Machine.Cpus.ToArray();
        for (uint i = 0; i < builder.Clusters.Count; i++)
        {
            Cluster cluster = builder.Clusters.Items[(int)i];
            Cpu[] members = [.. cpus.Where(cpu => cpu.Cluster == i)];
            Assert.Equal(
                Enumerable.Range(0, (int)cluster.CpuCount).Select(n => (uint)n),
                members.Select(cpu => cpu.IndexInCluster)
            );
            Assert.Equal(members[0].ApicId, cpus[cluster.FirstCpu].ApicId);
            Assert.Equal(members[0].Node, cluster.Node);
        }
        Assert.DoesNotContain(cpus, cpu => cpu.Cluster == Cpu.NoCluster);
    }
}
