using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Skerry.Qemu;
using Skerry.Qemu.Benchmarks;
using Skerry.Qemu.Machines;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>What the host makes of the lines of the servers' suite: figures, targets, files.</summary>
public sealed class ServersBenchTests
{
    private const string Line = "@bench attach-detach unit=instructions n=2000 min=98 median=100 p99=103";

    private static readonly ServersMachine _core = ServersMachine.All.First(machine => machine.Parent == "core");
    private static readonly ServersMachine _vcore = ServersMachine.All.First(machine => machine.Parent == "vcore");

    private static readonly ServersReference _reference = new()
    {
        Unit = "instructions",
        Rows =
        [
            new()
            {
                Name = "attach-detach",
                Operation = "",
                ToReach = 100,
                Beyond = 75,
                HasPath = true,
            },
            new()
            {
                Name = "fault-vcore",
                Operation = "",
                Parent = "vcore",
            },
        ],
    };

    private static ServersFigure Figure(string line = Line, string machine = "1x1-core") =>
        ServersFigure.Of(RecordLine.Parse(line)!, machine);

    [Fact]
    public void OursStandBesideTheTargets() =>
        Assert.Equal(
            [
                ["attach-detach", "2,000", "98", "100", "103", "100 ✓", "75 ✗"],
            ],
            ServersComparison.Of(_reference, _core, [Figure()])
        );

    [Fact]
    public void TicksAreNotComparedWithTargets() =>
        Assert.Equal(
            [
                ["attach-detach", "2,000", "98", "100 ticks", "103", "100", "75"],
            ],
            ServersComparison.Of(_reference, _core, [Figure(Line.Replace("=instructions", "=ticks"))])
        );

    /// <summary>Where a row belongs it is shown, measured or not, and one that nobody knows as well.</summary>
    [Fact]
    public void NoRowIsLeftOut() =>
        Assert.Equal(
            [("attach-detach", "not measured"), ("fault-vcore", "not measured"), ("new", "100")],
            ServersComparison
                .Of(_reference, _vcore, [Figure(Line.Replace("attach-detach", "new"), _vcore.Name)])
                .Select(cells => (cells[0], cells[3]))
        );

    [Theory]
    [InlineData(100, new string[0])]
    [InlineData(101, new[] { "attach-detach" })]
    public void WhatIsNotReachedCanBeFollowed(long median, string[] missed) =>
        Assert.Equal(missed, ServersComparison.Missed(_reference, [Figure() with { Median = median }]));

    [Fact]
    public void AVcoreSMemoryIsCountedForEachMebibyte()
    {
        ServersFigure figure = Assert.Single(ServersSuite.Starts([Vcore(4, 40), Vcore(16, 240), Vcore(8, 88)], "m"));
        Assert.Equal(("vcore-start", 3, 10L, 11L, 15L), (figure.Name, figure.N, figure.Min, figure.Median, figure.P99));
        Assert.Empty(ServersSuite.Starts([], "m"));
    }

    private static RecordLine Vcore(int mebibytes, int ticks) =>
        RecordLine.Parse($"@vcore name=w memory={mebibytes << 20} claim-ticks={ticks / 2} prefault-ticks={ticks / 2}")!;

    [Fact]
    public void TheFilesHaveWhatTheOtherSuitesHave()
    {
        ServersFigure[] figures = [Figure()];
        Assert.Equal(
            "name,unit,machine,n,min,median,p99 attach-detach,instructions,1x1-core,2000,98,100,103",
            $"{ServersFigure.CsvHeader} {figures[0].CsvLine}"
        );
        JsonElement entry = Assert.Single(JsonDocument.Parse(ResultFiles.Json(figures)).RootElement.EnumerateArray());
        Assert.Equal(
            ["name", "unit", "machine", "n", "min", "median", "p99"],
            entry.EnumerateObject().Select(property => property.Name)
        );
    }

    [Fact]
    public void AFieldThatIsMissingIsRefused() =>
        Assert.Throws<FormatException>(() => Figure("@bench attach-detach unit=instructions n=2000 min=98 p99=103"));

    [Fact]
    public void TheReferenceIsWhole()
    {
        IReadOnlyList<ServersRow> rows = ServersReference.Read(Repository.Locate()).Rows;
        Assert.Equal(rows.Count, rows.Select(row => row.Name).Distinct().Count());
        Assert.Equal(
            [
                "rpc-empty-overhead 100 60",
                "fault-vcore 600 450",
                "fault-core 600 450",
                "fault-forwarded 1700 900",
                "fault-managed 3000 2000",
                "ram-alloc-free 4000 2000",
                "attach-detach 4000 2000",
            ],
            rows.Where(row => row.ToReach is not null).Select(row => $"{row.Name} {row.ToReach} {row.Beyond}")
        );
    }

    [Theory]
    [InlineData("no row \"fault-cor\" can be followed", "--suite", "servers", "--path", "fault-cor")]
    [InlineData("did you mean \"fault-core\"?", "--suite", "servers", "--path", "fault-cor")]
    [InlineData("--path needs --suite servers", "--path", "fault-core")]
    [InlineData("--suite kernel does not read --path", "--suite", "kernel", "--path", "fault-core")]
    [InlineData("--suite servers does not read --topology", "--suite", "servers", "--topology", "4x4")]
    public void WrongWordsAreBadInput(string complaint, params string[] arguments)
    {
        HostProgram run = HostProgram.Skerry(["bench", .. arguments]);
        Assert.Equal((int)ExitStatus.BadInput, run.Status);
        Assert.Contains(complaint, run.Error);
    }
}
