using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Skerry.Abi.Boot;
using Skerry.Base.Configuration;
using Skerry.Base.Text;
using Skerry.Core.Placement;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;
using Skerry.Tests.Host.Qemu;
using Xunit;
using ClusterMode = Skerry.Qemu.Topologies.ClusterMode;
using MachineCpu = Skerry.Abi.Boot.MachineCpu;

namespace Skerry.Tests.Host.Placement;

/// <summary>
/// Four clusters of 64 MiB each, a node each, but for a MiB between the first two that is nobody's: what a vcore's
/// configuration names is some instance's, or it is said what is not.
/// </summary>
public sealed class VcoreMemoryTests
{
    private const ulong Mebi = 1 << 20;
    private const ulong ClusterBytes = 64 * Mebi;

    private static string Vcore(string clusters, string memory) =>
        $$"""
            { "vcores": [{ "name": "v", "cpus": { "clusters": [{{clusters}}] }, "memory": [{{memory}}],
              "children": [{ "name": "a", "binary": "x", "essential": true }] }] }
            """;

    [Theory]
    [InlineData("0, 3", """{ "node": "local", "size": "4M" }""", 4, 4)]
    [InlineData("0, 3", """{ "node": 3, "size": "4M" }""", 0, 4)]
    [InlineData("0, 3", """{ "node": 3, "size": "4M" }, { "node": "local", "size": "1M" }""", 1, 5)]
    [InlineData("0", """{ "start": "0x1000000", "size": "2M" }""", 2, 0)]
    [InlineData("0, 1, 2, 3", """{ "start": "188M", "size": "8M" }""", 0, 4)]
    [InlineData("2, 3", """{ "start": "188M", "size": "8M" }""", 0, 4)]
    public void EachInstanceHasItsPart(string clusters, string memory, ulong first, ulong last)
    {
        SystemConfiguration system = Open(Vcore(clusters, memory));
        Assert.Null(Left(system));
        VcoreRecord vcore = system.Vcore(0);
        Assert.Equal(first * Mebi, Of(system).BytesOf(in vcore, 0));
        Assert.Equal(last * Mebi, Of(system).BytesOf(in vcore, 3));
    }

    [Theory]
    [InlineData("0", """{ "start": "64M", "size": "8M" }""", "8 MiB from 0x4000000 on")]
    [InlineData("0", """{ "start": "60M", "size": "8M" }""", "5 MiB from 0x3c00000 on")]
    [InlineData("0, 1", """{ "start": "60M", "size": "8M" }""", "1 MiB from 0x3c00000 on")]
    [InlineData("2, 3", """{ "start": "252M", "size": "8M" }""", "4 MiB from 0xfc00000 on")]
    [InlineData("3", """{ "start": "4G", "size": "64M" }""", "64 MiB from 0x100000000 on")]
    [InlineData("0, 1", """{ "node": 2, "size": "2M" }""", "2 MiB of node 2")]
    public void WhatIsNobodysIsSaid(string clusters, string memory, string what) =>
        Assert.Equal($"vcore v: {what} are of no cluster where it has CPUs", Left(Open(Vcore(clusters, memory))));

    public static TheoryData<string, ClusterMode> Machines
    {
        get
        {
            var data = new TheoryData<string, ClusterMode>();
            foreach (string name in TopologyCatalog.Names(Skerry.Qemu.Repository.Locate()))
            {
                foreach (ClusterMode mode in Enum.GetValues<ClusterMode>())
                {
                    data.Add(name, mode);
                }
            }
            return data;
        }
    }

    /// <summary>The host's check lets pass what core serves, and nothing else: each cluster, and each node's memory.</summary>
    [Theory]
    [MemberData(nameof(Machines))]
    public void TheCheckSaysOfNodesWhatCoreDoes(string name, ClusterMode mode)
    {
        Topology topology = TestFiles.Shipped(name);
        IReadOnlyList<PredictedCluster> predicted = ClusterPrediction.Of(topology, mode);
        MachineCluster[] clusters =
        [
            .. predicted.Select(one => new MachineCluster { MemoryNode = (uint)one.MemoryNode }),
        ];
        MachineCpu[] cpus = [.. topology.Cpus.Select(cpu => Cpu(cpu.Id, predicted))];
        foreach (int cluster in predicted.Select(one => one.Id))
        {
            foreach (TopologyNode node in topology.Nodes.Where(node => node.Memory != 0))
            {
                string text = Vcore($"{cluster}", $$"""{ "node": {{node.Id}}, "size": "2M" }""");
                var diagnostics = new Diagnostics("system.json");
                MachineCheck.Check(TestFiles.System(text), topology, mode, diagnostics);
                bool isServed = Left(new VcoreMemory(Open(text), cpus, clusters, [])) is null;
                Assert.True(isServed != diagnostics.HasErrors, $"cluster {cluster}, node {node.Id}");
            }
        }
    }

    private static MachineCpu Cpu(int id, IReadOnlyList<PredictedCluster> clusters) =>
        new() { Cluster = (uint)clusters.First(cluster => cluster.Cpus.Contains(id)).Id };

    private static string? Left(SystemConfiguration system) => Left(Of(system));

    private static string? Left(VcoreMemory memory)
    {
        Span<byte> buffer = stackalloc byte[200];
        var reason = new TextBuilder(buffer);
        return memory.IsAllTaken(ref reason) ? null : Encoding.UTF8.GetString(reason.Text);
    }

    private static VcoreMemory Of(SystemConfiguration system)
    {
        var clusters = new MachineCluster[4];
        var ranges = new MachineMemoryRange[5];
        for (uint i = 0; i < clusters.Length; i++)
        {
            clusters[i].MemoryNode = i;
            ranges[i] = Range(i * ClusterBytes, ClusterBytes, i, i);
        }
        ranges[0].Range.Length -= Mebi;
        ranges[4] = Range(ClusterBytes - Mebi, Mebi, 0, uint.MaxValue);
        return new VcoreMemory(system, PlayedMachine.Of(4), clusters, ranges);
    }

    private static MachineMemoryRange Range(ulong start, ulong bytes, uint node, uint cluster) =>
        new()
        {
            Range = new PhysicalRange { Base = start, Length = bytes },
            Node = node,
            Cluster = cluster,
        };

    private static SystemConfiguration Open(string text)
    {
        byte[] bytes = SystemWriter.Write(TestFiles.System(text));
        Assert.Equal(ConfigurationStatus.Ok, SystemConfiguration.Open(bytes, out SystemConfiguration system));
        return system;
    }
}
