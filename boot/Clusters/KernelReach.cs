using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Memory;

namespace Skerry.Boot.Clusters;

/// <summary>Cuts a cluster's memory down to what one kernel can name (KernelLayout.LongestOwned).</summary>
public static class KernelReach
{
    /// <summary>What of the home range is needed in any case: the kernel's and core's copies lie at its start.</summary>
    private const ulong HomeBytes = 1ul << 30;

    /// <summary>
    /// Keeps the window with the most memory among those that begin or end with a range, or begin with
    /// <paramref name="home"/>, and hold the start of that.
    /// </summary>
    /// <returns>Bytes that were taken out of <paramref name="owned"/>.</returns>
    public static ulong Cut(ref RangeSet owned, PhysicalRange home)
    {
        ulong all = BytesIn(owned.Ranges, 0);
        ulong best = home.Base;
        for (int i = 0; i < owned.Count; i++)
        {
            PhysicalRange range = owned.Ranges[i];
            best = Better(owned.Ranges, best, range.Base, home);
            ulong end = range.Base + range.Length;
            best =
                end > KernelLayout.LongestOwned
                    ? Better(owned.Ranges, best, end - KernelLayout.LongestOwned, home)
                    : best;
        }
        owned.Remove(0, best);
        owned.Remove(best + KernelLayout.LongestOwned, ulong.MaxValue);
        return all - BytesIn(owned.Ranges, 0);
    }

    private static ulong Better(ReadOnlySpan<PhysicalRange> ranges, ulong best, ulong start, PhysicalRange home)
    {
        bool holdsHome = start <= home.Base && home.Base - start <= KernelLayout.LongestOwned - HomeBytes;
        return holdsHome && BytesInWindow(ranges, start) > BytesInWindow(ranges, best) ? start : best;
    }

    private static ulong BytesInWindow(ReadOnlySpan<PhysicalRange> ranges, ulong start) =>
        BytesIn(ranges, start, start + KernelLayout.LongestOwned);

    private static ulong BytesIn(ReadOnlySpan<PhysicalRange> ranges, ulong start, ulong end = ulong.MaxValue)
    {
        ulong bytes = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            ulong first = ranges[i].Base > start ? ranges[i].Base : start;
            ulong rangeEnd = ranges[i].Base + ranges[i].Length;
            ulong last = rangeEnd < end ? rangeEnd : end;
            bytes += last > first ? last - first : 0;
        }
        return bytes;
    }
}
