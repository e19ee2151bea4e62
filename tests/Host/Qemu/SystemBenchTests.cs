using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Skerry.Qemu;
using Skerry.Qemu.Benchmarks;
using Skerry.Qemu.Commands;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>What `skerry bench` makes of the lines of a system, and the files of all suites.</summary>
public sealed class SystemBenchTests
{
    private const string Fields = "unit=instructions n=2000 min=98 median=100 p99=103";

    [Theory]
    [InlineData("demo-one-cluster", "1x1", 2)]
    [InlineData("demo-two-clusters", "2x2", 1)]
    [InlineData("demo", "4x4", 1)]
    public void WhatWaitsForAnotherCpuIsLeftOut(string configuration, string topology, int rows)
    {
        using PreparedSystem prepared = Prepare(configuration, topology);
        RecordLine[] lines = [Line("channel-message"), Line("channel-roundtrip"), RecordLine.Parse("@exit 16 done")!];
        SystemFigure[] figures = [.. SystemFigure.Of(prepared, lines)];
        Assert.Equal(rows, figures.Length);
        Assert.Equal("channel-message", figures[0].Name);
        Assert.Equal(
            (topology, "l2", "off", configuration),
            (figures[0].Topology, figures[0].Cluster, figures[0].Mitigations, figures[0].System)
        );
        Assert.Equal((2000L, 98L, 100L, 103L), (figures[0].N, figures[0].Min, figures[0].Median, figures[0].P99));
    }

    [Fact]
    public void ALineWithoutAFigureIsRefused()
    {
        using PreparedSystem prepared = Prepare("demo-one-cluster", "1x1");
        RecordLine line = RecordLine.Parse("@bench call unit=instructions n=2000")!;
        Assert.Throws<FormatException>(() => SystemFigure.Of(prepared, [line]).ToArray());
    }

    [Fact]
    public void EverySuiteLeavesBothFiles()
    {
        string directory = Directory.CreateTempSubdirectory("skerry-bench").FullName;
        var figure = new SystemFigure("call", "instructions", "4x4", "l2", "off", "demo", 3, 1, 2, 4);
        string said = ResultFiles.Write(
            new Repository(directory),
            "system",
            SystemFigure.CsvHeader,
            [figure.CsvLine],
            [figure]
        );
        string path = Path.Combine(directory, "out", "bench", "system");
        Assert.Equal($"{path}.csv, system.json: 1 figures", said);
        Assert.Equal(
            "name,unit,topology,cluster,mitigations,system,n,min,median,p99\ncall,instructions,4x4,l2,off,demo,3,1,2,4\n",
            File.ReadAllText($"{path}.csv")
        );
        JsonElement entry = JsonDocument.Parse(File.ReadAllText($"{path}.json")).RootElement.EnumerateArray().Single();
        Assert.Equal(SystemFigure.CsvHeader.Split(','), entry.EnumerateObject().Select(property => property.Name));
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>What ran gave none: that is no success, and the figures that another run gave stay.</summary>
    [Fact]
    public void NoFiguresAreRefusedAndTheFormerFilesStay()
    {
        string directory = Directory.CreateTempSubdirectory("skerry-bench").FullName;
        string path = Path.Combine(directory, "out", "bench", "system");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText($"{path}.csv", "former");
        File.WriteAllText($"{path}.json", "former");
        var refused = Assert.Throws<BadInputException>(() =>
            ResultFiles.Write<SystemFigure>(new Repository(directory), "system", SystemFigure.CsvHeader, [], [])
        );
        Assert.Equal($"there are no figures: nothing that ran gave one; {path}.csv was not written", refused.Message);
        Assert.Equal("former", File.ReadAllText($"{path}.csv"));
        Assert.Equal("former", File.ReadAllText($"{path}.json"));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void AWaitIsAFigureInBothForms()
    {
        LatencyFigure figure = LatencyFigure.Of(
            RecordLine.Parse("@latency reset unit=instructions n=145 longest=8540 duration=135520")!,
            "1x1"
        );
        Assert.Equal("reset,instructions,1x1,145,8540", figure.CsvLine);
        JsonElement entry = JsonDocument.Parse(ResultFiles.Json([figure])).RootElement.EnumerateArray().Single();
        Assert.Equal(LatencyFigure.CsvHeader.Split(','), entry.EnumerateObject().Select(property => property.Name));
    }

    private static RecordLine Line(string name) => RecordLine.Parse($"@bench {name} {Fields}")!;

    private static PreparedSystem Prepare(string configuration, string topology) =>
        PreparedSystem.Prepare(Repository.Locate(), topology, ClusterMode.L2, MitigationMode.Off, configuration);
}
