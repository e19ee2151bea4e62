using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Skerry.Qemu;
using Skerry.Qemu.Benchmarks;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>What the record of the longest waits finds wrong.</summary>
public sealed class LatencyRecordTests
{
    private const string Machine = "1x1";

    private static LatencyFigure Row(string name, long longest, string machine = Machine) =>
        new()
        {
            Name = name,
            Unit = "instructions",
            Machine = machine,
            N = 1,
            Longest = longest,
        };

    private static IReadOnlyList<string> Faults(LatencyFigure recorded, params LatencyFigure[] measured) =>
        new LatencyRecord
        {
            Date = "",
            Commit = "",
            Figures = [recorded],
        }.Faults(measured, Machine);

    [Fact]
    public void AWaitUpToTheBoundIsWell() => Assert.Empty(Faults(Row("a", 300), Row("a", LatencyRecord.Bound)));

    [Fact]
    public void AWaitBeyondTheBoundIsFound() => Assert.Single(Faults(Row("a", 300), Row("a", LatencyRecord.Bound + 1)));

    [Fact]
    public void AWaitThatTheRecordHasBeyondTheBoundMustNotGrow()
    {
        LatencyFigure recorded = Row("a", 50_000);
        Assert.Empty(Faults(recorded, Row("a", 52_500)));
        Assert.Single(Faults(recorded, Row("a", 52_501)));
    }

    [Fact]
    public void ARowThatIsGoneIsFound() => Assert.Single(Faults(Row("a", 300)));

    [Fact]
    public void ARowThatNobodyRecordedIsFound() => Assert.Single(Faults(Row("a", 300), Row("a", 300), Row("b", 300)));

    [Fact]
    public void RowsOfOtherMachinesAreLeftOut() => Assert.Empty(Faults(Row("a", 300, "2x2")));

    /// <summary>Every row with 2,000 instructions or more on some machine, and no other, in the order of the record.</summary>
    [Fact]
    public void TheTableInFiguresMdSaysWhatTheRecordSays()
    {
        var repository = Repository.Locate();
        LatencyRecord record = LatencyRecord.Read(LatencyRecord.PathIn(repository));
        string page = File.ReadAllText(Path.Combine(repository.Root, "docs", "figures.md"));
        string section = page.Split("## The longest waits", 2)[1].Split("\n## ", 2)[0];
        IEnumerable<string> shown = section.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        IEnumerable<string> expected = record
            .Figures.GroupBy(figure => figure.Name)
            .Where(row => row.Any(figure => figure.Longest >= 2000))
            .Select(TableLine);
        Assert.Equal(expected, shown);
        Assert.Contains($"Measured {record.Date}, at {record.Commit},", section, StringComparison.Ordinal);
    }

    private static string TableLine(IGrouping<string, LatencyFigure> row)
    {
        IEnumerable<string> cells = LatencySuite.Machines.Select(machine =>
            row.SingleOrDefault(figure => figure.Machine == machine.Name)
                ?.Longest.ToString("N0", CultureInfo.InvariantCulture)
            ?? "–"
        );
        return $"| `{row.Key}` | {string.Join(" | ", cells)} |";
    }
}
