using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Skerry.Qemu;
using Skerry.Qemu.Benchmarks;
using Skerry.Qemu.Machines;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>What the host makes of the kernel suite's lines: figures, comparison, files.</summary>
public sealed class KernelBenchTests
{
    private const string Line = "@bench signal unit=instructions n=2000 min=98 median=100 p99=103 user=2 kernel=98";

    private static readonly KernelMachine _single = KernelMachine.All.First(machine => !machine.IsMulticore);
    private static readonly KernelMachine _several = KernelMachine.All.First(machine => machine.IsMulticore);

    private static readonly KernelReference _reference = new()
    {
        Source = "a test",
        Unit = "instructions",
        Rows =
        [
            new()
            {
                Name = "signal",
                Operation = "",
                Sel4 = 400,
                Sel4For4Cpus = 500,
                ToReach = 100,
                Beyond = 75,
            },
            new()
            {
                Name = "migrate",
                Operation = "",
                Cpus = 2,
            },
        ],
    };

    public static KernelFigure Figure(string line = Line, string machine = "1x1") =>
        KernelFigure.Of(RecordLine.Parse(line)!, machine);

    [Fact]
    public void ALineIsAFigure()
    {
        KernelFigure figure = Figure();
        Assert.Equal(("signal", "instructions", "1x1"), (figure.Name, figure.Unit, figure.Machine));
        Assert.Equal((2000, 98L, 100L, 103L), (figure.N, figure.Min, figure.Median, figure.P99));
        Assert.Equal((2L, 98L), (figure.User, figure.Kernel));
    }

    [Theory]
    [InlineData("@bench signal unit=instructions n=2000 min=98 median=100 p99=103")]
    [InlineData("@bench signal n=2000 min=98 median=100 p99=103 user=2 kernel=98")]
    [InlineData("@bench signal unit=instructions n=2000 min=98 median=fast p99=103 user=2 kernel=98")]
    public void AFieldThatIsMissingOrNoNumberIsRefused(string line) =>
        Assert.Throws<FormatException>(() => Figure(line));

    [Fact]
    public void OursStandBesideSeL4AndTheTargets()
    {
        ComparedRow row = KernelComparison.Of(_reference, _single, [Figure()])[0];
        Assert.Equal(["signal", "100", "400", "0.25", "2", "98", "100 ✓", "75 ✗"], row.Cells);
    }

    [Fact]
    public void SeveralCpusStandBesideSeL4ForSeveral()
    {
        ComparedRow row = KernelComparison.Of(_reference, _several, [Figure(machine: _several.Name)])[0];
        Assert.Equal(("500", "0.20"), (row.Sel4, row.Ratio));
    }

    [Fact]
    public void RowsThatWereNotMeasuredAreShownAsSuch()
    {
        Assert.Equal(["not measured", "needs 2 CPUs"], Ours(_single));
        Assert.Equal(["not measured", "not measured"], Ours(_several));
    }

    /// <summary>Figures of another machine do not fill the row.</summary>
    private static string[] Ours(KernelMachine machine) =>
        KernelComparison.Of(_reference, machine, [Figure(machine: "another")]).Select(row => row.Ours).ToArray();

    [Fact]
    public void ARowWithoutReferenceIsShown() =>
        Assert.Equal("new", KernelComparison.Of(_reference, _single, [Figure(Line.Replace("signal", "new"))])[2].Name);

    [Fact]
    public void TicksAreNotComparedWithInstructions()
    {
        ComparedRow row = KernelComparison.Of(_reference, _single, [Figure(Line.Replace("=instructions", "=ticks"))])[
            0
        ];
        Assert.Equal(("100 ticks", "", "100"), (row.Ours, row.Ratio, row.ToReach));
    }

    [Fact]
    public void TheFilesHaveWhatPeopleAgreedOn()
    {
        KernelFigure[] figures = [Figure()];
        Assert.Equal(
            "name,unit,machine,n,min,median,p99,user,kernel signal,instructions,1x1,2000,98,100,103,2,98",
            $"{KernelResults.CsvHeader} {KernelResults.CsvLine(figures[0])}"
        );
        JsonElement entry = Assert.Single(JsonDocument.Parse(ResultFiles.Json(figures)).RootElement.EnumerateArray());
        Assert.Equal(
            ["name", "unit", "machine", "n", "min", "median", "p99"],
            entry.EnumerateObject().Select(property => property.Name)
        );
        Assert.Equal(100, entry.GetProperty("median").GetInt64());
    }

    [Fact]
    public void TheReferenceIsWhole()
    {
        IReadOnlyList<ReferenceRow> rows = KernelReference.Read(Repository.Locate()).Rows;
        Assert.Equal(rows.Count, rows.Select(row => row.Name).Distinct().Count());
        Assert.Equal((459, 638, 200, 160), Of("call-reply-0"));
        Assert.Equal((2030, 2430, 420, 300), Of("fault-map-resume"));
        Assert.Equal(13, rows.Count(row => row.ToReach is not null));
        Assert.All(rows, row => Assert.True((row.Beyond ?? 0) <= (row.ToReach ?? 0)));

        (long?, long?, long?, long?) Of(string name)
        {
            ReferenceRow row = rows.Single(row => row.Name == name);
            return (row.Sel4, row.Sel4For4Cpus, row.ToReach, row.Beyond);
        }
    }

    [Theory]
    [InlineData(
        "there is no suite \"kernal\"; there are kernel and latency and servers and images; did you mean \"kernel\"?",
        "--suite",
        "kernal"
    )]
    [InlineData("needs a --suite", "--record")]
    public void WrongWordsAreBadInput(string complaint, params string[] arguments)
    {
        HostProgram run = HostProgram.Skerry(["bench", .. arguments]);
        Assert.Equal((int)ExitStatus.BadInput, run.Status);
        Assert.Contains(complaint, run.Error);
    }
}
