using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Skerry.Qemu;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Whether a system's clusters have the memory that it needs, as far as a host can know.</summary>
public sealed class RoomCheckTests
{
    private static readonly Repository _repository = Repository.Locate();
    private static readonly ProgramCatalog _programs = new(_repository.Images);

    private static string Vcore(string memory) =>
        $$"""
            { "vcores": [{ "name": "v", "cpus": { "clusters": [1] }, "memory": [{ "node": "local", "size": "{{memory}}" }],
              "children": [{ "name": "reader", "binary": "rom-reader", "ram": "512K", "essential": true }] }] }
            """;

    private const string CoreChild =
        """{ "children": [{ "name": "reader", "binary": "rom-reader", "ram": "512K", "cluster": 1, "essential": true }] }""";

    [Fact]
    public void AChildOfAClusterThatWillBeParkedHasNoHome()
    {
        const string reason = "\"reader\" has no home: cluster 1 has 2.0M of memory, and needs ";
        Assert.StartsWith(reason, Refusal(Vcore("1M"), "2M").Reason);
        Diagnostic diagnostic = Refusal(CoreChild, "2M");
        Assert.StartsWith(reason, diagnostic.Reason);
        Assert.Equal(DiagnosticCode.NotOnThisMachine, diagnostic.Code);
    }

    /// <summary>The boot CPU's cluster has its memory elsewhere then, as bootstrap has it.</summary>
    [Theory]
    [InlineData("2M", "32M", true)]
    [InlineData("2M", "2M", false)]
    public void ABootNodeWithTooLittleMemoryIsNoEnd(string own, string other, bool fits)
    {
        Topology topology = TestFiles.Topology(
            $$"""
            { "name": "n", "nodes": [{ "memory": "{{own}}", "cpus": 1 }, { "memory": "{{other}}", "cpus": 1 }] }
            """
        );
        string text = CoreChild.Replace("\"cluster\": 1", "\"cluster\": \"boot\"", StringComparison.Ordinal);
        var check = () => BootCheck.Check(TestFiles.System(text), _programs, topology, ClusterMode.Node);
        if (fits)
        {
            Assert.Empty(check());
            return;
        }
        Assert.Equal(DiagnosticCode.NotOnThisMachine, Assert.Throws<BadInputException>(check).Diagnostics.First().Code);
    }

    [Fact]
    public void MoreThanIsLeftIsRefused()
    {
        Diagnostic diagnostic = Refusal(Vcore("8M"), "10M");
        Assert.Equal(DiagnosticCode.TooMuchMemory, diagnostic.Code);
        Assert.StartsWith("what runs in cluster 1 (\"reader\") needs 10.2M, and ", diagnostic.Reason);
    }

    [Fact]
    public void WhatMayNotSufficeIsAWarning() =>
        Assert.Equal(DiagnosticCode.LittleRoom, Assert.Single(Check(Vcore("4M"), "10M")).Code);

    [Fact]
    public void EnoughIsEnough()
    {
        Assert.Empty(Check(Vcore("4M"), "32M"));
        Assert.Empty(Check(CoreChild, "32M"));
    }

    /// <summary>Of a node without CPUs those that are nearest to it have equal shares, and others nothing.</summary>
    [Theory]
    [InlineData("32M", "[[10, 20, 20], [20, 10, 20], [20, 20, 10]]", true)]
    [InlineData("32M", "[[10, 20, 15], [20, 10, 20], [20, 20, 10]]", false)]
    [InlineData("32M", "[[10, 20, 20], [20, 10, 15], [20, 20, 10]]", true)]
    [InlineData("16M", "[[10, 20, 20], [20, 10, 20], [20, 20, 10]]", false)]
    [InlineData("16M", "[[10, 20, 20], [20, 10, 15], [20, 20, 10]]", true)]
    public void MemoryWithoutCpusIsItsNearestClusters(string memory, string distances, bool fits)
    {
        Topology topology = TestFiles.Topology(
            $$"""
            { "name": "n", "distances": {{distances}}, "nodes": [{ "memory": "64M", "cpus": 1 },
              { "memory": "8M", "cpus": 1 }, { "memory": "{{memory}}", "cpus": 0 }] }
            """
        );
        string text = CoreChild.Replace("512K", "13824K", StringComparison.Ordinal);
        var check = () => BootCheck.Check(TestFiles.System(text), _programs, topology, ClusterMode.Node);
        if (fits)
        {
            Assert.Empty(check());
            return;
        }
        Diagnostic refusal = Assert.Throws<BadInputException>(check).Diagnostics.First();
        Assert.Equal(DiagnosticCode.TooMuchMemory, refusal.Code);
    }

    /// <summary>33 nodes for two clusters: each node is one share, and who has it can't be said.</summary>
    [Fact]
    public void AShareThatOthersMayHaveIsAWarning()
    {
        string nodes = string.Join(", ", Enumerable.Repeat("""{ "memory": "16M", "cpus": 0 }""", 33));
        Topology topology = TestFiles.Topology(
            $$"""
            { "name": "n", "nodes": [{ "memory": "64M", "cpus": 1 }, { "memory": "8M", "cpus": 1 }, {{nodes}}] }
            """
        );
        string text = CoreChild.Replace("512K", "10M", StringComparison.Ordinal);
        IReadOnlyList<Diagnostic> found = BootCheck.Check(
            TestFiles.System(text),
            _programs,
            topology,
            ClusterMode.Node
        );
        Assert.Equal(DiagnosticCode.LittleRoom, Assert.Single(found).Code);
        Assert.Equal(Skerry.Boot.Memory.OwnedMemory.MaximumShares, ClusterMemory.MaximumShares);
    }

    /// <summary>A vcore needs more for itself the more CPUs it has, and so does core; the demo fits all the same.</summary>
    [Theory]
    [InlineData(ClusterMode.L2)]
    [InlineData(ClusterMode.Cpu)]
    [InlineData(ClusterMode.Node)]
    [InlineData(ClusterMode.Machine)]
    public void ADemoFitsAnyNumberOfCpus(ClusterMode mode)
    {
        // A long run tries them all.
        int step = SoakConfig.Soak == 0 ? 7 : 1;
        for (int cpus = 1; cpus <= 255; cpus += cpus < 16 ? 1 : step)
        {
            // A cluster of one CPU takes 4 MiB, and some more for each other cluster; the demo 8.
            Topology topology = Machine($"{64 + 16 * cpus}M", cpus);
            ChosenSystem chosen = ChosenSystem.Demo(_repository, topology, mode);
            Assert.DoesNotContain(chosen.Warnings, warning => warning.Code == DiagnosticCode.LittleRoom);
        }
    }

    /// <summary>With less, a demo fits or is refused with the reason; never does one that is chosen lack memory.</summary>
    [Theory]
    [InlineData(ClusterMode.L2)]
    [InlineData(ClusterMode.Cpu)]
    [InlineData(ClusterMode.Node)]
    [InlineData(ClusterMode.Machine)]
    public void OrItIsRefused(ClusterMode mode)
    {
        int refused = 0;
        foreach (int cpus in new[] { 1, 2, 7, 64, 128, 255 })
        {
            foreach (string memory in new[] { "4M", "16M", "32M", "256M" })
            {
                try
                {
                    ChosenSystem.Demo(_repository, Machine(memory, cpus), mode);
                }
                catch (BadInputException refusal)
                {
                    refused++;
                    Assert.All(refusal.Diagnostics, diagnostic => Assert.InRange((int)diagnostic.Code, 301, 308));
                }
            }
        }
        Assert.InRange(refused, 6, 24);
    }

    private static Topology Machine(string memory, int cpus) =>
        TestFiles.Topology(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{ "name": "n", "nodes": [{ "memory": "{{memory}}", "cpus": {{cpus}} }] }"""
            )
        );

    private static IReadOnlyList<Diagnostic> Check(string text, string memory) =>
        BootCheck.Check(
            TestFiles.System(text),
            _programs,
            TestFiles.Topology(
                $$"""{ "name": "n", "nodes": [{ "memory": "64M", "cpus": 1 }, { "memory": "{{memory}}", "cpus": 1 }] }"""
            ),
            ClusterMode.Node
        );

    private static Diagnostic Refusal(string text, string memory) =>
        Assert.Throws<BadInputException>(() => Check(text, memory)).Diagnostics.First();
}
