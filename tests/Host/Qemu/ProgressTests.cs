using System;
using System.Collections.Concurrent;
using System.Threading;
using Skerry.Qemu.Commands;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>What is said while long work goes on.</summary>
public sealed class ProgressTests
{
    [Fact]
    public void AHeartbeatSpeaksUntilItEnds()
    {
        var lines = new ConcurrentQueue<string>();
        using var twice = new CountdownEvent(2);
        using (new Heartbeat("4x4-l2-demo", Write, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)))
        {
            twice.Wait();
        }
        int count = lines.Count;
        Assert.All(lines, line => Assert.Matches(@"^skerry: 4x4-l2-demo: \d+ s$", line));
        // What would come later comes on the same timer, which is gone.
        Thread.Yield();
        Assert.Equal(count, lines.Count);

        void Write(string line)
        {
            lines.Enqueue(line);
            if (!twice.IsSet)
            {
                twice.Signal();
            }
        }
    }

    [Theory]
    [InlineData(1000, 250, 5, 0, "250 of 1000 calls, 50 calls a second, 15 s left")]
    [InlineData(1_000_000, 100_000, 50, 0, "100000 of 1000000 calls, 2000 calls a second, 7 min 30 s left")]
    [InlineData(
        1_000_000,
        100_000,
        50,
        4,
        "100000 of 1000000 calls, 4 more pieces, 2000 calls a second, 40 min 50 s left"
    )]
    [InlineData(10_000_000, 500_000, 1000, 0, "500000 of 10000000 calls, 500 calls a second, 5 h 16 min left")]
    [InlineData(1000, 1003, 10, 0, "1003 of 1000 calls, 100 calls a second, 0 s left")]
    public void RandomCallsHaveARateAndAnEnd(ulong calls, ulong made, int seconds, int behind, string remark) =>
        Assert.Equal(remark, new FuzzProgress(calls, behind).Remark(made, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void RemarksComeNowAndThen()
    {
        var progress = new FuzzProgress(1000, 0);
        Assert.Null(progress.Remark(10, TimeSpan.FromSeconds(4)));
        Assert.Null(progress.Remark(0, TimeSpan.FromSeconds(6)));
        Assert.NotNull(progress.Remark(10, TimeSpan.FromSeconds(6)));
        Assert.Null(progress.Remark(20, TimeSpan.FromSeconds(10)));
        Assert.NotNull(progress.Remark(30, TimeSpan.FromSeconds(11)));
    }

    [Theory]
    [InlineData("@fuzz progress calls=4000 checks=4 eras=0", 4000ul)]
    [InlineData("@fuzz end calls=4000 checks=4 eras=0", null)]
    [InlineData("@fuzz progress checks=4", null)]
    [InlineData("progress calls=1", null)]
    public void TheComponentSaysHowFarItIs(string line, ulong? calls) =>
        Assert.Equal(calls, FuzzSystem.CallsMade(line));
}
