using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Skerry.Qemu.Benchmarks;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>The figures of record hold later ones to them.</summary>
public sealed class KernelRecordTests
{
    private const string Machine = "1x1";

    private static readonly KernelRecord _record = new()
    {
        Date = "2026-11-28",
        Commit = "57e8883",
        Figures = [Figure("signal", 200), Figure("yield", 1000), Figure("signal", 300, "another")],
    };

    private static KernelFigure Figure(string name, long median, string machine = Machine) =>
        new()
        {
            Name = name,
            Unit = "instructions",
            Machine = machine,
            N = 2000,
            Min = median,
            Median = median,
            P99 = median,
        };

    private static IReadOnlyList<string> Regressions(params KernelFigure[] measured) =>
        _record.Regressions(measured, [Machine]);

    [Theory]
    [InlineData(200, 1000)]
    [InlineData(204, 1020)]
    [InlineData(50, 1)]
    public void WhatHasNotGrownByMoreThanTwoInAHundredIsWell(long signal, long yield) =>
        Assert.Empty(Regressions(Figure("signal", signal), Figure("yield", yield)));

    [Theory]
    [InlineData(205, 1000, "signal on 1x1: recorded 200, measured 205")]
    [InlineData(200, 1021, "yield on 1x1: recorded 1000, measured 1021")]
    public void WhatHasGrownIsNamedWithBothFigures(long signal, long yield, string finding) =>
        Assert.Equal([finding], Regressions(Figure("signal", signal), Figure("yield", yield)));

    [Fact]
    public void ARowThatIsGoneIsNamed() =>
        Assert.Equal(["yield on 1x1: recorded 1000, not measured"], Regressions(Figure("signal", 200)));

    [Fact]
    public void ARowThatNobodyRecordedIsNamed() =>
        Assert.Equal(
            ["new on 1x1: not on record, measured 7"],
            Regressions(Figure("signal", 200), Figure("yield", 1000), Figure("new", 7))
        );

    [Fact]
    public void AnotherUnitIsNoFigure() =>
        Assert.Equal(
            ["signal on 1x1: recorded in instructions, measured in ticks"],
            Regressions(Figure("signal", 10) with { Unit = "ticks" }, Figure("yield", 1000))
        );

    [Fact]
    public void ARecordThatIsWrittenIsReadAgain()
    {
        string directory = Path.Combine(Path.GetTempPath(), $"skerry-{Guid.NewGuid():N}");
        string path = Path.Combine(directory, "figures", "kernel.json");
        try
        {
            _record.Write(path);
            KernelRecord read = KernelRecord.Read(path);
            Assert.Equal((_record.Date, _record.Commit), (read.Date, read.Commit));
            Assert.Equal(_record.Figures.ToArray(), read.Figures.ToArray());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void WhatIsNoRecordIsRefused() =>
        Assert.Throws<JsonException>(() => KernelRecord.Parse("""{ "date": "2026-11-28" }"""));
}
