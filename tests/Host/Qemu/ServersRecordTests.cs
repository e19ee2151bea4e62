using System.Collections.Generic;
using Skerry.Qemu.Benchmarks;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>What the record of core and vcores finds worse: where a tree is drawn in each boot, more may change.</summary>
public sealed class ServersRecordTests
{
    private const string Machine = "1x1-core";

    [Theory]
    [InlineData("attach-detach", 1080, true)]
    [InlineData("attach-detach", 1081, false)]
    [InlineData("fault-core", 1020, true)]
    [InlineData("fault-core", 1021, false)]
    public void ARowMayGrowByWhatItsOwnAllows(string name, long now, bool isWell)
    {
        var record = new ServersRecord
        {
            Date = "",
            Commit = "",
            Figures = [Figure(name, 1000)],
        };
        IReadOnlyList<string> found = record.Regressions([Figure(name, now)], [Machine]);
        Assert.Equal(isWell ? 0 : 1, found.Count);
    }

    private static ServersFigure Figure(string name, long median) =>
        new()
        {
            Name = name,
            Unit = "instructions",
            Machine = Machine,
            N = 1,
            Min = median,
            Median = median,
            P99 = median,
        };
}
