using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>What `make run` shows, on every machine that comes with the project. The end is a success.</summary>
[Collection(QemuCollection.Name)]
public sealed class S05DemoTests
{
    [Theory]
    [InlineData("4x4", ClusterMode.L2)]
    [InlineData("4x4", ClusterMode.Cpu)]
    [InlineData("4x4", ClusterMode.Node)]
    [InlineData("4x4", ClusterMode.Machine)]
    [InlineData("1x1", ClusterMode.L2)]
    [InlineData("2x2", ClusterMode.L2)]
    [InlineData("8x10", ClusterMode.L2)]
    [InlineData("8x10", ClusterMode.Cpu)]
    [InlineData("8x10", ClusterMode.Node)]
    [InlineData("memoryless-node", ClusterMode.L2)]
    [InlineData("cpuless-node", ClusterMode.L2)]
    [InlineData("more-nodes-than-cpus", ClusterMode.L2)]
    [InlineData("asymmetric-distances", ClusterMode.L2)]
    [InlineData("no-srat", ClusterMode.L2)]
    public void RunsToItsEnd(string topology, ClusterMode mode) => HasRun(SystemFile.RunDemo(topology, mode));

    /// <summary>Vcores of 7 CPUs, and one of more than 64: what a server needs for itself grows with them.</summary>
    [Theory]
    [InlineData("two-sevens", ClusterMode.Node, """{ "memory": "256M", "cpus": 7 }, { "memory": "256M", "cpus": 7 }""")]
    [InlineData("eighty", ClusterMode.Machine, """{ "memory": "512M", "cpus": 80 }""")]
    public void RunsToItsEndHoweverManyCpusAVcoreHas(string name, ClusterMode mode, string nodes)
    {
        string path = Path.Combine(Repository.Locate().Output, "test", name + ".json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $$"""{ "name": "{{name}}", "nodes": [{{nodes}}] }""");
        HasRun(SystemFile.RunDemo(path, mode));
    }

    [Fact]
    public void RunsToItsEndWithMitigations()
    {
        MachineResult result = SystemFile.RunDemo("4x4", ClusterMode.L2, MitigationMode.On);
        Assert.Contains(
            result.Lines,
            line => line.StartsWith("kernel instances: 8 (cluster=l2, mitigations=on), each ")
        );
        HasRun(result);
    }

    private static void HasRun(MachineResult result)
    {
        result.Require(ExitStatus.Success);
        Assert.Equal("16", result.RecordsOf("exit").Single().Word(0));
        Assert.NotEmpty(result.RecordsOf("test"));
        Assert.All(result.RecordsOf("test"), test => Assert.Equal("pass", test.Word(1)));
        Assert.DoesNotContain(result.Lines, line => line.Contains(" faulted: "));
    }

    /// <summary>qemu/configs/demo.json: west in clusters 1 and 2, east in 5 and 6, one instance each.</summary>
    [Fact]
    public void EachVCoreHasAnInstanceInEachOfItsClusters()
    {
        MachineResult result = SystemFile.RunDemo("4x4", ClusterMode.L2).Require(ExitStatus.Success);
        IEnumerable<string> instances = result
            .RecordsOf("vcore")
            .Select(line => $"{line.Fields["name"]} {line.Fields["cluster"]}");
        Assert.Equal(["east 5", "east 6", "west 1", "west 2"], instances.Order());
        Assert.All(result.RecordsOf("vcore"), line => Assert.Equal("2", line.Fields["cpus"]));
    }
}
