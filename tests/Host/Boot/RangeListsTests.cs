using System;
using System.Linq;
using Skerry.Abi.Boot;
using Skerry.Boot.Memory;
using Skerry.Boot.Warnings;
using Xunit;

namespace Skerry.Tests.Host.Boot;

public sealed class RangeListsTests
{
    [Fact]
    public void TheLargestRangesAndTheHomeAreKept()
    {
        var set = new RangeSet();
        for (ulong i = 0; i < 40; i++)
        {
            set.Add(i * 0x10_0000, i * 0x10_0000 + (i + 1) * 0x1000);
        }
        var list = new RangeList();
        var warnings = new WarningList();
        var home = new PhysicalRange { Base = 3 * 0x10_0000 + 0x1000, Length = 0x1000 };
        ulong bytes = RangeLists.KeepLargest(ref set, home, ref list, ref warnings);
        ReadOnlySpan<PhysicalRange> kept = list.Ranges;
        ulong[] lengths = [.. kept[..(int)list.Count].ToArray().Select(range => range.Length / 0x1000)];
        Assert.Equal([4ul, .. Enumerable.Range(10, 31).Select(i => (ulong)i)], lengths);
        Assert.Equal((ulong)lengths.Sum(length => (long)length) * 0x1000, bytes);
        // Those of 1 to 9 pages, but the home, which has 4.
        Warning warning = Assert.Single(warnings.Kept.ToArray());
        Assert.Equal((WarningReason.PiecesLost, 41ul * 0x1000), (warning.Reason, warning.Detail));
    }

    [Fact]
    public void WhatFitsIsKeptWhole()
    {
        var set = new RangeSet();
        set.Add(0x1000, 0x3000);
        set.Add(0x8000, 0x9000);
        var list = new RangeList();
        var warnings = new WarningList();
        Assert.Equal(0x3000ul, RangeLists.KeepLargest(ref set, default, ref list, ref warnings));
        Assert.Equal(2u, list.Count);
        Assert.Equal(0, warnings.Count);
    }
}
