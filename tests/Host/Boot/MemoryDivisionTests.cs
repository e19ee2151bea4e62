using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi.Boot;
using Skerry.Base.Needs;
using Skerry.Boot.Acpi;
using Skerry.Boot.Clusters;
using Skerry.Boot.Console;
using Skerry.Boot.Memory;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Boot;

public sealed class MemoryDivisionTests
{
    private const ulong Mebi = MachineBuilder.Mebi;

    [Theory]
    [InlineData("4x4", ClusterMode.L2)]
    [InlineData("4x4", ClusterMode.Machine)]
    [InlineData("8x10", ClusterMode.Cpu)]
    [InlineData("gaps", ClusterMode.Cpu)]
    [InlineData("cpuless-node", ClusterMode.L2)]
    [InlineData("memoryless-node", ClusterMode.Node)]
    [InlineData("more-nodes-than-cpus", ClusterMode.L2)]
    public void NothingIsLostOrGivenTwice(string machine, ClusterMode mode)
    {
        MachineBuilder builder = MachineBuilder.From(machine, l2Shift: 1).Form(mode);
        Assert.True(builder.Divide());
        AssertDivided(builder);
    }

    [Fact]
    public void AnyMachineIsDividedWithoutLoss() =>
        Prop.ForAll(
                Gen.Choose(0, 5).Zip(Gen.Choose(1, 300)).ListOf().Where(list => list.Count > 0).ToArbitrary(),
                Gen.Choose(0, 5).ListOf(7).ToArbitrary(),
                (memory, cpus) =>
                {
                    var builder = new MachineBuilder();
                    for (int i = 0; i < cpus.Count; i++)
                    {
                        builder.Cpu((uint)i * 3, (uint)cpus[i]);
                    }
                    ulong start = 1;
                    foreach ((int domain, int megabytes) in memory)
                    {
                        builder.Memory((uint)domain, start, (ulong)megabytes);
                        start += (ulong)megabytes + (ulong)(megabytes % 2);
                    }
                    builder.Build().Form(ClusterMode.L2);
                    Assert.True(builder.Divide());
                    AssertDivided(builder);
                }
            )
            .Check(SoakConfig.Of(500));

    [Fact]
    public void SharesAreEqualAndStartOnLargePages()
    {
        MachineBuilder builder = MachineBuilder.From("4x4", l2Shift: 1).Form(ClusterMode.L2);
        builder.Divide();
        OwnedPiece[] node1 = [.. builder.Shares.Pieces.ToArray().Where(piece => piece.Node == 1)];
        Assert.Equal([64 * Mebi, 64 * Mebi], node1.Select(piece => piece.Range.Length));
        Assert.All(node1, piece => Assert.Equal(0ul, piece.Range.Base % (2 * Mebi)));
    }

    [Fact]
    public void AClusterWithoutMemoryGoesToTheNearestNodeThatHasSome()
    {
        MachineBuilder builder = MachineBuilder.From("memoryless-node", l2Shift: 1);
        builder.Machine.SetDistance(1, 2, 12);
        builder.Form(ClusterMode.Node).Divide();
        Assert.Equal([0u, 2u, 2u], builder.Clusters.Items.ToArray().Select(cluster => cluster.MemoryNode));
        Assert.Equal(128 * Mebi, builder.Clusters.Items[1].OwnedBytes + builder.Clusters.Items[2].OwnedBytes);
    }

    [Fact]
    public void MemoryWithoutCpusGoesToTheNearestClusters()
    {
        MachineBuilder builder = MachineBuilder.From("cpuless-node", l2Shift: 1);
        builder.Machine.SetDistance(2, 3, 15);
        builder.Form(ClusterMode.Node).Divide();
        OwnedPiece[] pieces = builder.Shares.Pieces.ToArray();
        Assert.Equal([0u, 1u], pieces.Where(piece => piece.Node == 1).Select(piece => piece.Cluster));
        Assert.Equal([1u], pieces.Where(piece => piece.Node == 3).Select(piece => piece.Cluster));
    }

    [Theory]
    [InlineData(64, 16)]
    [InlineData(64, 255)]
    [InlineData(256, 1)]
    [InlineData(256, 255)]
    public void NothingIsLostWithManyNodesWithoutCpus(int nodes, int cpus)
    {
        var builder = new MachineBuilder();
        for (uint i = 0; i < cpus; i++)
        {
            builder.Cpu(i, i % (uint)nodes);
        }
        for (uint node = 0; node < nodes; node++)
        {
            builder.Memory(node, 1 + node * 64, 64);
        }
        builder.Build().Form(ClusterMode.Cpu);
        Assert.True(builder.Divide());
        AssertDivided(builder);
        Assert.Empty(builder.AllWarnings);
        ulong[] owned = [.. builder.Clusters.Items.ToArray().Select(cluster => cluster.OwnedBytes)];
        Assert.InRange(owned.Max(), owned.Min(), 2 * owned.Min() + 64 * Mebi);
    }

    /// <summary>Of ranges that touch no others, the list that a kernel gets has 32.</summary>
    [Theory]
    [InlineData(64, 16)]
    [InlineData(64, 4)]
    [InlineData(128, 16)]
    [InlineData(256, 255)]
    [InlineData(64, 1024)]
    public void NothingIsLostInTheLists(int nodes, int cpus)
    {
        var builder = new MachineBuilder();
        for (uint i = 0; i < cpus; i++)
        {
            builder.Cpu(i, i % (uint)nodes);
        }
        for (uint node = 0; node < nodes; node++)
        {
            builder.Memory(node, 1 + node * 80, 64);
        }
        builder.Build().Form(ClusterMode.Cpu);
        Assert.True(builder.Divide());
        int[] pieces =
        [
            .. builder.Shares.Pieces.ToArray().GroupBy(piece => piece.Cluster).Select(owned => owned.Count()),
        ];
        Assert.Equal(cpus, pieces.Length);
        Assert.InRange(pieces.Max(), 1, RangeList.Capacity);
    }

    /// <summary>Firmware may name the memory of a domain in as many entries as it likes, in any order.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(11)]
    public void WhatTouchesIsOnePiece(uint step)
    {
        const uint entries = 30;
        MachineBuilder builder = new MachineBuilder().Cpu(0, domain: 0).Cpu(1, domain: 1);
        for (uint i = 0; i < entries; i++)
        {
            uint entry = i * step % entries;
            // Borders within pages: no page is nobody's.
            ulong start = Mebi + entry * Mebi + (entry != 0 ? 0x800u : 0);
            builder.Affinity.AddMemory(start, (entry + 2) * Mebi + 0x800, entry / 20);
        }
        builder.Affinity.IsPresent = true;
        builder.Usable.Add(Mebi, (entries + 1) * Mebi);
        builder.Build().Form(ClusterMode.Node);
        Assert.Equal(2, builder.Affinity.Memory.Length);
        Assert.True(builder.Divide());
        Assert.Equal(2, builder.Shares.Pieces.ToArray().Count(piece => piece.Range.Length > 4096));
    }

    /// <summary>The same where a window of the same domain lies behind memory that is present.</summary>
    [Fact]
    public void PresentMemoryAndAWindowAreOnePiece()
    {
        MachineBuilder builder = new MachineBuilder().Cpu(0, domain: 0).Memory(0, 1, 3);
        builder.Affinity.AddMemory(4 * Mebi, 8 * Mebi, 0, isWindow: true);
        builder.Usable.Add(4 * Mebi, 8 * Mebi);
        builder.Build().Form(ClusterMode.Node);
        Assert.True(builder.Divide());
        Assert.Equal(7 * Mebi, Assert.Single(builder.Shares.Pieces.ToArray()).Range.Length);
    }

    /// <summary>The table names it; of the ranges that there was no room for the table's reader has told.</summary>
    [Fact]
    public void MemoryOfLostRangesIsNotSaidToBeUnnamed()
    {
        MachineBuilder builder = new MachineBuilder().Cpu(0, domain: 0);
        for (uint range = 0; range < AffinityTable.MaximumRanges + 8; range++)
        {
            builder.Memory(0, 1 + 2 * range, 1);
        }
        builder.Usable = new RangeSet();
        builder.Usable.Add(Mebi, (1 + 2 * (AffinityTable.MaximumRanges + 8)) * Mebi);
        builder.Build().Form(ClusterMode.Cpu);
        Assert.True(builder.Divide());
        Assert.Empty(builder.AllWarnings);
        Assert.Equal(2 * (AffinityTable.MaximumRanges + 8) * Mebi, builder.Clusters.Items[0].OwnedBytes);
    }

    [Fact]
    public void MoreDomainsThanThereIsRoomForAreSaidAndTheirMemoryIsUsed()
    {
        MachineBuilder builder = new MachineBuilder().Cpu(0, domain: 0);
        for (uint node = 0; node < MachineTopology.MaximumNodes; node++)
        {
            builder.Memory(2 * node, 1 + node * 2, 1);
        }
        // A CPU's domain is one more than there is room for, and is in its place before memory's.
        builder.Cpu(1, domain: 1).Build().Form(ClusterMode.Cpu);
        Assert.True(builder.Divide());
        Assert.Equal(MachineTopology.MaximumNodes, builder.Machine.NodeCount);
        Assert.Equal(
            (WarningReason.TooManyNodes, Mebi),
            (Assert.Single(builder.AllWarnings).Reason, builder.AllWarnings[0].Detail)
        );
        Assert.Equal(
            256 * Mebi,
            builder.Clusters.Items.ToArray().Aggregate(0ul, (sum, cluster) => sum + cluster.OwnedBytes)
        );
    }

    [Fact]
    public void PiecesWithoutRoomAreCounted()
    {
        var shares = new OwnedMemory();
        for (uint i = 0; i < OwnedMemory.Capacity; i++)
        {
            Assert.True(shares.Add(i * Mebi, 4096, 0, 0));
        }
        Assert.False(shares.Add(0, 3 * Mebi, 0, 0));
        Assert.Equal(3 * Mebi, shares.LostBytes);
        shares.Clear();
        Assert.Equal(0ul, shares.LostBytes);
    }

    [Fact]
    public void MemoryThatNoTableNamesIsSaidAndUsed()
    {
        MachineBuilder builder = new MachineBuilder().Cpu(0, domain: 0).Memory(0, 1, 63);
        builder.Usable.Add(64 * Mebi, 80 * Mebi);
        builder.Build().Form(ClusterMode.L2).Divide();
        Assert.Equal(79 * Mebi, builder.Clusters.Items[0].OwnedBytes);
        Assert.Equal(WarningReason.UnnamedMemory, Assert.Single(builder.AllWarnings).Reason);
    }

    [Fact]
    public void AClusterWithTooLittleMemoryIsSaidAndLeftOut()
    {
        MachineBuilder builder = new MachineBuilder().Memory(0, 1, 11);
        for (uint id = 0; id < 4; id++)
        {
            builder.Cpu(id, domain: 0);
        }
        builder.Build().Form(ClusterMode.Cpu);
        var needs = new ClusterNeeds { KernelBytes = Mebi / 2 };
        Assert.True(Select(builder, needs, out _));
        Assert.InRange(builder.Clusters.Count, 1, 3);
        Assert.Equal(
            11 * Mebi,
            builder.Clusters.Items.ToArray().Aggregate(0ul, (sum, cluster) => sum + cluster.OwnedBytes)
        );
        Assert.All(
            builder.Clusters.Items.ToArray(),
            cluster => Assert.InRange(cluster.OwnedBytes, 3 * Mebi, 11 * Mebi)
        );
        Assert.Equal(
            4 - builder.Clusters.Count,
            builder.AllWarnings.Count(w => w is { Reason: WarningReason.TooLittleMemory, Missing: > 0 })
        );
        Assert.Equal(
            4 - builder.Clusters.Count,
            builder.Machine.Cpus.ToArray().Count(cpu => cpu.Cluster == Cpu.NoCluster)
        );
        Assert.Equal(0u, builder.Machine.Cpus[0].Cluster);
    }

    [Fact]
    public void WithoutMemoryForTheBootClusterThereIsNoSystem()
    {
        MachineBuilder builder = new MachineBuilder()
            .Cpu(0, domain: 0)
            .Cpu(1, domain: 1)
            .Memory(0, 1, 1)
            .Memory(1, 64, 2)
            .Memory(1, 67, 2);
        builder.Build().Form(ClusterMode.Node);
        Assert.False(Select(builder, new ClusterNeeds { KernelBytes = 2 * Mebi }, out MemoryShortage shortage));
        Assert.Equal(2 * Mebi, shortage.Length);
        Assert.InRange(shortage.Needed, 3 * Mebi, 8 * Mebi);
        BufferConsole.Clear();
        ShortageText<BufferConsole>.Write(new MemoryShortage { Length = 3 << 20, Needed = (5 << 20) + 1 });
        BufferConsole.Write((byte)'\n');
        Assert.Equal(
            ["cluster 0 needs 5121 KiB of memory in one piece, and the largest has 3072 KiB"],
            BufferConsole.Lines()
        );
    }

    /// <summary>As if it had none: the nearest node that carries its kernel, and none that would not.</summary>
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(16, 0)]
    public void ANodeThatDoesNotCarryTheBootClusterCountsAsEmpty(ulong own, uint expected)
    {
        MachineBuilder builder = new MachineBuilder().Cpu(0, domain: 0).Cpu(1, domain: 1).Memory(1, 100, 2);
        builder.Memory(2, 200, 64).Memory(3, 300, 64).Cpu(2, domain: 3);
        if (own != 0)
        {
            builder.Memory(0, 1, own);
        }
        builder.Build();
        builder.Machine.SetDistance(0, 1, 11);
        builder.Machine.SetDistance(0, 3, 15);
        builder.Form(ClusterMode.Node);
        Assert.True(Select(builder, new ClusterNeeds { KernelBytes = 2 * Mebi }, out _));
        Assert.Equal(expected, builder.Clusters.Items[0].MemoryNode);
        Assert.Equal(3u, builder.Clusters.Items[^1].MemoryNode);
        // The other cluster whose node has too little.
        bool isSaid = builder.AllWarnings.Any(warning => warning.Reason == WarningReason.MemoryElsewhere);
        Assert.Equal(expected != 0, isSaid);
        Assert.Single(builder.AllWarnings, warning => warning.Reason == WarningReason.TooLittleMemory);
        ulong owned = builder.Clusters.Items.ToArray().Aggregate(0ul, (sum, cluster) => sum + cluster.OwnedBytes);
        Assert.Equal((own + 2 + 64 + 64) * Mebi, owned);
    }

    private static bool Select(MachineBuilder builder, ClusterNeeds needs, out MemoryShortage shortage) =>
        ClusterSelection.Select(
            ref builder.Machine,
            ref builder.ByNode,
            ref builder.Clusters,
            ref builder.Shares,
            needs,
            out shortage,
            ref builder.Warnings
        );

    private static void AssertDivided(MachineBuilder builder)
    {
        OwnedPiece[] pieces = [.. builder.Shares.Pieces.ToArray().OrderBy(piece => piece.Range.Base)];
        var given = new RangeSet();
        for (int i = 0; i < pieces.Length; i++)
        {
            PhysicalRange range = pieces[i].Range;
            Assert.Equal(0ul, (range.Base | range.Length) % PhysicalMemory.PageSize);
            Assert.InRange(pieces[i].Cluster, 0u, (uint)builder.Clusters.Count - 1);
            Assert.True(
                i == 0 || pieces[i - 1].Range.Base + pieces[i - 1].Range.Length <= range.Base,
                "pieces overlap"
            );
            given.Add(range.Base, range.Base + range.Length);
            uint domain = builder.Machine.Nodes[(int)pieces[i].Node].Domain;
            Assert.Contains(
                builder.Affinity.Memory.ToArray(),
                (MemoryAffinity named) =>
                    named.Domain == domain && named.Base <= range.Base && range.Base + range.Length <= named.End
            );
        }
        var usable = builder.Usable;
        usable.Align(PhysicalMemory.PageSize);
        Assert.Equal(usable.Ranges.ToArray(), given.Ranges.ToArray());
    }
}
