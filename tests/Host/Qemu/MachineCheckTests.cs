using System;
using System.Collections.Generic;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>A configuration against the machine that it is to run on.</summary>
public sealed class MachineCheckTests
{
    private const string Child = "\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"essential\": true}]";
    private const string OwnMemory = "\"memory\": [{\"node\": \"local\", \"size\": \"1M\"}]";
    private const string LocalMemory = OwnMemory + ", " + Child;

    [Fact]
    public void TheDemoFitsItsMachine()
    {
        var repository = Skerry.Qemu.Repository.Locate();
        ChosenSystem chosen = ChosenSystem.Demo(repository, TestFiles.Shipped("4x4"), ClusterMode.L2);
        Assert.Equal(("demo", 0), (chosen.Name, chosen.Warnings.Count));
    }

    [Fact]
    public void SomeDemoFitsEveryMachineAndClustering()
    {
        var repository = Skerry.Qemu.Repository.Locate();
        foreach (string name in TopologyCatalog.Names(repository))
        {
            foreach (ClusterMode mode in Enum.GetValues<ClusterMode>())
            {
                Topology topology = TestFiles.Shipped(name);
                int clusters = ClusterPrediction.Of(topology, mode).Count;
                Assert.Equal(clusters == 1, ChosenSystem.Demo(repository, topology, mode).Name == "demo-one-cluster");
            }
        }
    }

    [Theory]
    [InlineData("{\"clusters\": [8]}", "there is no cluster 8: 4x4 has 8")]
    [InlineData("{\"nodes\": [4]}", "there is no node 4: 4x4 has 4")]
    [InlineData("{\"cpus\": [0, 16]}", "there is no CPU 16: 4x4 has 16")]
    public void NamesWhatTheMachineLacks(string cpus, string message)
    {
        string text = $"{{\"vcores\": [{{\"name\": \"v\",\n\"cpus\": {cpus}, {LocalMemory}}}]}}";
        Assert.Equal($"system.json(2): {message}", Refusal(text, "4x4", ClusterMode.L2));
    }

    [Fact]
    public void ClustersDependOnTheMode()
    {
        string text = $"{{\"vcores\": [{{\"name\": \"v\",\n\"cpus\": {{\"clusters\": [7]}}, {LocalMemory}}}]}}";
        Assert.Empty(Check(text, "4x4", ClusterMode.L2));
        Assert.Equal("system.json(2): there is no cluster 7: 4x4 has 4", Refusal(text, "4x4", ClusterMode.Node));
    }

    [Fact]
    public void ACoreChildNeedsItsCluster()
    {
        const string text =
            "{\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"essential\": true,\n\"cluster\": 9}]}";
        Assert.Equal("system.json(2): there is no cluster 9: 4x4 has 8", Refusal(text, "4x4", ClusterMode.L2));
    }

    [Fact]
    public void ANodeWithoutCpusRunsNoVcore()
    {
        string text = $"{{\"vcores\": [{{\"name\": \"v\",\n\"cpus\": {{\"nodes\": [1]}}, {LocalMemory}}}]}}";
        Assert.Equal("system.json(2): node 1 has no CPU", Refusal(text, "cpuless-node", ClusterMode.L2));
    }

    [Fact]
    public void ACpuBelongsToOneVcore()
    {
        string text =
            $"{{\"vcores\": [{{\"name\": \"v\", \"cpus\": {{\"clusters\": [1]}}, {LocalMemory}}},\n"
            + $"{{\"name\": \"w\", \"cpus\": {{\"cpus\": [3]}}, {LocalMemory}}}]}}";
        Assert.Equal("system.json(2): CPU 3 belongs to vcore \"v\" already", Refusal(text, "4x4", ClusterMode.L2));
    }

    [Fact]
    public void NoMoreMemoryIsClaimedThanTheNodeHas()
    {
        const string text =
            "{\"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [1]}, "
            + Child
            + ", \"memory\": ["
            + "{\"node\": 1, \"size\": \"100M\"},\n{\"node\": 1, \"size\": \"29M\"}]}]}";
        Assert.Equal(
            "system.json(2): node 1 has 128M of memory, and 129M are claimed from it",
            Refusal(text, "4x4", ClusterMode.L2)
        );
    }

    [Fact]
    public void LocalMemoryComesFromTheShareOfEachInstance()
    {
        const string text =
            "{\"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [0]}, "
            + Child
            + ",\n\"memory\": [{\"node\": \"local\", \"size\": \"65M\"}]}]}";
        Assert.Equal(
            "system.json(2): cluster 0 has 64M of memory, and 65M are claimed from it",
            Refusal(text, "4x4", ClusterMode.L2)
        );
        Assert.Empty(Check(text, "4x4", ClusterMode.Node));
    }

    [Fact]
    public void AChildLivesInOneCluster()
    {
        string text =
            $"{{\"vcores\": [{{\"name\": \"v\", \"cpus\": {{\"clusters\": [1, 2]}}, {OwnMemory},"
            + "\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"essential\": true,\n\"affinity\": {\"x\": 1, \"width\": 2}}]}]}";
        Assert.Equal(
            "system.json(2): places 1 to 2 lie in different clusters; a child lives in one",
            Refusal(text, "4x4", ClusterMode.L2)
        );
    }

    [Fact]
    public void AffinityOutsideTheSpaceIsClippedWithAWarning()
    {
        const string text =
            "{\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"essential\": true,\n\"affinity\": {\"x\": 5, \"width\": 2}}]}";
        Diagnostic warning = Assert.Single(Check(text, "4x4", ClusterMode.L2));
        Assert.Equal(
            "system.json(2): affinity 2 from 5 does not fit 2 CPUs and becomes 1 from 1",
            TestFiles.Short(warning)
        );
    }

    [Fact]
    public void MemoryOfANodeThatIsOthersIsNotClaimed()
    {
        const string text =
            "{\"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [0]}, "
            + Child
            + ", \"memory\": [{\"node\": 0, \"size\": \"2M\"},\n{\"node\": 1, \"size\": \"2M\"}]}]}";
        Assert.Equal(
            "system.json(2): the memory of node 1 belongs to clusters where this vcore has no CPU",
            Refusal(text, "4x4", ClusterMode.L2)
        );
    }

    /// <summary>A cluster owns more than the node it lives from, but core serves claims by node from that one alone.</summary>
    [Theory]
    [InlineData("4x4", ClusterMode.Machine, 1)]
    [InlineData("cpuless-node", ClusterMode.L2, 1)]
    [InlineData("cpuless-node", ClusterMode.Machine, 2)]
    [InlineData("memoryless-node", ClusterMode.Machine, 2)]
    public void MemoryOfANodeThatNoClusterLivesFromIsNotClaimedByNode(string topology, ClusterMode mode, int node)
    {
        string text =
            "{\"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [0]}, "
            + Child
            + $", \"memory\": [{{\"node\": 0, \"size\": \"2M\"}},\n{{\"node\": {node}, \"size\": \"2M\"}}]}}]}}";
        Assert.Equal(
            $"system.json(2): no instance of \"v\" lives from node {node}, but from node 0; what else its clusters own is "
                + "claimed by \"start\"",
            Refusal(text, topology, mode)
        );
        Assert.Empty(Check(text.Replace($"\"node\": {node}", "\"node\": 0"), topology, mode));
    }

    /// <summary>4x4: four nodes of 128M one behind the other; the second's are clusters 2 and 3.</summary>
    [Theory]
    [InlineData("0x9000000", "8M", null)]
    [InlineData("120M", "16M", "the memory of node 0 belongs to clusters where this vcore has no CPU")]
    [InlineData("0xc000000", "8M", null)]
    [InlineData("0x10000000", "8M", "the memory of node 2 belongs to clusters where this vcore has no CPU")]
    [InlineData("508M", "8M", "4M from 0x1fc00000 on are no memory of 4x4")]
    [InlineData("4G", "64M", "64M from 0x100000000 on are no memory of 4x4")]
    public void ARangeIsMemoryOfTheVcoresNodes(string start, string size, string? reason)
    {
        string text =
            "{\"vcores\": [{\"name\": \"v\", \"cpus\": {\"clusters\": [2]}, "
            + Child
            + $", \"memory\": [{{\"node\": \"local\", \"size\": \"2M\"}},\n{{\"start\": \"{start}\", \"size\": \"{size}\"}}]}}]}}";
        if (reason is null)
        {
            Assert.Empty(Check(text, "4x4", ClusterMode.L2));
            return;
        }
        Assert.Equal($"system.json(2): {reason}", Refusal(text, "4x4", ClusterMode.L2));
    }

    /// <summary>From 2.75 GiB on, what is above 2 GiB lies behind the hole; the node there has a piece on each side.</summary>
    [Fact]
    public void MemoryHasAHoleBelow4G()
    {
        Topology topology = TestFiles.Topology(
            "{\"nodes\": [{\"memory\": \"1536M\", \"cpus\": 1}, {\"memory\": \"2G\", \"cpus\": 1}]}"
        );
        Assert.Equal(
            [(0, 0ul, 0x6000_0000ul), (1, 0x6000_0000ul, 0x8000_0000ul), (1, 0x1_0000_0000ul, 0x1_6000_0000ul)],
            PhysicalLayout.Pieces(topology)
        );
        Assert.Equal((0, 1, -1, 1, -1), (At(0), At(0x7fff_ffff), At(0x8000_0000), At(1ul << 32), At(0x1_6000_0000)));
        int At(ulong address) => PhysicalLayout.NodeAt(topology, address);
    }

    [Fact]
    public void ChildrenHaveNoMoreThanTheirVcoreClaims()
    {
        string text =
            "{\"vcores\": [\n{\"name\": \"v\", \"cpus\": {\"clusters\": [1, 2]}, "
            + "\"memory\": [{\"node\": \"local\", \"size\": \"3M\"}], \"children\": ["
            + "{\"name\": \"a\", \"binary\": \"a\", \"essential\": true, \"ram\": \"2M\"},"
            + "{\"name\": \"b\", \"binary\": \"b\", \"ram\": \"2M\", \"affinity\": {\"x\": X}}]}]}";
        Assert.Equal(
            "system.json(2): the children of \"v\" in cluster 1 have 4M of \"ram\", and it claims 3M there",
            Refusal(text.Replace("X", "1"), "4x4", ClusterMode.L2)
        );
        Assert.Equal(
            "system.json(2): the children of \"v\" in cluster 1 have 128 of \"capabilities\", and it has 127",
            Refusal(
                text.Replace("\"3M\"}]", "\"4M\"}], \"capabilities\": 127").Replace("X", "1"),
                "4x4",
                ClusterMode.L2
            )
        );
        // Place 2 is in the other instance, which has memory of its own.
        Assert.Empty(Check(text.Replace("X", "2"), "4x4", ClusterMode.L2));
    }

    /// <summary>A session is a capability, and capabilities do not cross clusters.</summary>
    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(2, 3, true)]
    [InlineData(1, 2, false)]
    [InlineData(3, 0, false)]
    public void ARouteStaysInItsCluster(int client, int server, bool fits)
    {
        const string route = "\"routes\": [\n{\"to\": \"child:b\"}]";
        string own = $"{{\"vcores\": [{InTwoClusters(client, server, route, "")}]}}";
        string inherited = $"{{\"vcores\": [{InTwoClusters(client, server, "", ", " + route)}]}}";
        if (fits)
        {
            Assert.Empty(Check(own, "4x4", ClusterMode.L2));
            Assert.Empty(Check(inherited, "4x4", ClusterMode.L2));
            return;
        }
        string reason =
            $"system.json(2): \"b\" lives in cluster {1 + server / 2}, and \"a\" in {1 + client / 2}; "
            + "a session leads to a child of the same cluster";
        Assert.Equal(reason, Refusal(own, "4x4", ClusterMode.L2));
        Assert.Equal(reason, Refusal(inherited, "4x4", ClusterMode.L2));
        Assert.Empty(Check(own.Replace("[1, 2]", "[1]"), "4x4", ClusterMode.Node));
    }

    [Theory]
    [InlineData("\"boot\"", "0", true)]
    [InlineData("3", "3", true)]
    [InlineData("\"boot\"", "1", false)]
    public void ARouteOfCoresChildrenStaysInItsCluster(string client, string server, bool fits)
    {
        string text =
            $"{{\"children\": [{{\"name\": \"a\", \"binary\": \"a\", \"essential\": true, \"cluster\": {client}, "
            + "\"routes\": [\n{\"service\": \"S\", \"to\": \"child:b\"}]},"
            + $"{{\"name\": \"b\", \"binary\": \"b\", \"provides\": [\"S\"], \"cluster\": {server}}}]}}";
        if (fits)
        {
            Assert.Empty(Check(text, "4x4", ClusterMode.L2));
            return;
        }
        Assert.Equal(
            "system.json(2): \"b\" lives in cluster 1, and \"a\" in 0; a session leads to a child of the same cluster",
            Refusal(text, "4x4", ClusterMode.L2)
        );
    }

    private static string InTwoClusters(int client, int server, string routes, string defaults) =>
        "{\"name\": \"v\", \"cpus\": {\"clusters\": [1, 2]}, \"memory\": [{\"node\": \"local\", \"size\": \"2M\"}],"
        + "\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"essential\": true, "
        + $"\"affinity\": {{\"x\": {client}}}{(routes.Length == 0 ? "" : ", " + routes)}}},"
        + $"{{\"name\": \"b\", \"binary\": \"b\", \"affinity\": {{\"x\": {server}}}}}]{defaults}}}";

    private static IReadOnlyList<Diagnostic> Check(string text, string topology, ClusterMode mode)
    {
        var diagnostics = new Diagnostics("system.json");
        MachineCheck.Check(TestFiles.System(text), TestFiles.Shipped(topology), mode, diagnostics);
        diagnostics.ThrowIfErrors();
        return diagnostics.Entries;
    }

    private static string Refusal(string text, string topology, ClusterMode mode) =>
        TestFiles.Short(Assert.Throws<BadInputException>(() => Check(text, topology, mode)).Diagnostics[0]);
}
