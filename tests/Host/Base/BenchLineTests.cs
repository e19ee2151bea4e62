using System.Text;
using Skerry.Base.Measurement;
using Skerry.Base.Text;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>What a measurement prints (docs/serial-lines.md).</summary>
public sealed class BenchLineTests
{
    private static Samples Three()
    {
        Samples samples = default;
        samples.Add(30);
        samples.Add(10);
        samples.Add(20);
        return samples;
    }

    [Fact]
    public void PercentilesStandInTheirFields()
    {
        Samples samples = Three();
        var line = new TextBuilder(new byte[BenchLine.MaximumBytes]);
        BenchLine.Append(ref line, "call"u8, ref samples, "verbose icount=1"u8);
        Assert.Equal("@bench call unit=instructions n=3 min=10 median=20 p99=20\n", Text(line));
    }

    [Theory]
    [InlineData(7, " user=7 kernel=13\n")]
    [InlineData(21, " user=21 kernel=0\n")]
    public void SharesAddUpToTheMedian(ulong user, string end)
    {
        Samples samples = Three();
        var line = new TextBuilder(new byte[BenchLine.MaximumBytes]);
        BenchLine.Append(ref line, "call"u8, ref samples, user, ""u8);
        Assert.Equal("@bench call unit=ticks n=3 min=10 median=20 p99=20" + end, Text(line));
    }

    private static string Text(TextBuilder line) => Encoding.UTF8.GetString(line.Text);
}
