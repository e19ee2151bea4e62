using System.Linq;
using Skerry.Abi.Boot;
using Skerry.Boot.Clusters;
using Skerry.Boot.Memory;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>What one kernel can name of a cluster's memory, on memory maps that no machine here has.</summary>
public sealed class KernelReachTests
{
    private const ulong GiB = 1ul << 30;
    private const ulong Page = 0x1000;

    [Fact]
    public void MemoryInReachIsKept()
    {
        RangeSet owned = Set((2 * GiB, 3 * GiB), (4 * GiB, 130 * GiB - Page));
        Assert.Equal(0ul, KernelReach.Cut(ref owned, Home(2 * GiB)));
        Assert.Equal([(2 * GiB, 3 * GiB), (4 * GiB, 130 * GiB - Page)], Ranges(owned));
    }

    /// <summary>A cluster's memory may lie anywhere, if it lies together.</summary>
    [Fact]
    public void HighMemoryIsKept()
    {
        RangeSet owned = Set((400 * GiB, 500 * GiB));
        Assert.Equal(0ul, KernelReach.Cut(ref owned, Home(400 * GiB)));
        Assert.Equal([(400 * GiB, 500 * GiB)], Ranges(owned));
    }

    [Fact]
    public void WhatIsTooFarIsLeftOutAndCounted()
    {
        RangeSet owned = Set((GiB, 100 * GiB), (128 * GiB, 200 * GiB));
        Assert.Equal(71 * GiB + Page, KernelReach.Cut(ref owned, Home(GiB)));
        Assert.Equal([(GiB, 100 * GiB), (128 * GiB, 129 * GiB - Page)], Ranges(owned));
    }

    [Fact]
    public void TheLargerPartWinsIfItHoldsTheHome()
    {
        (ulong, ulong)[] ranges = [(0x1000, GiB), (200 * GiB, 300 * GiB)];
        RangeSet owned = Set(ranges);
        Assert.Equal(GiB - Page, KernelReach.Cut(ref owned, Home(200 * GiB)));
        Assert.Equal([(200 * GiB, 300 * GiB)], Ranges(owned));
        owned = Set(ranges);
        Assert.Equal(100 * GiB, KernelReach.Cut(ref owned, Home(0x1000)));
        Assert.Equal([(0x1000ul, GiB)], Ranges(owned));
    }

    [Fact]
    public void AHomeInTheMiddleOfMemoryIsHeld()
    {
        RangeSet owned = Set((GiB, 400 * GiB));
        Assert.Equal(399 * GiB - KernelLayout.LongestOwned, KernelReach.Cut(ref owned, Home(300 * GiB)));
        Assert.Equal([(400 * GiB - KernelLayout.LongestOwned, 400 * GiB)], Ranges(owned));
    }

    private static PhysicalRange Home(ulong start) => new() { Base = start, Length = 64 << 20 };

    private static RangeSet Set(params (ulong Start, ulong End)[] ranges)
    {
        var set = new RangeSet();
        foreach ((ulong start, ulong end) in ranges)
        {
            set.Add(start, end);
        }
        return set;
    }

    private static (ulong, ulong)[] Ranges(RangeSet set) =>
        [.. set.Ranges.ToArray().Select(range => (range.Base, range.Base + range.Length))];
}
