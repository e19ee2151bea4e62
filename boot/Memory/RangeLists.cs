using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Memory;

/// <summary>Ranges in the form the kernel gets them, of which there are only so many.</summary>
public static class RangeLists
{
    /// <summary>
    /// Fills <paramref name="list"/> with the largest ranges, the one that holds <paramref name="always"/> among them, and
    /// tells their bytes. A warning says how much is left out.
    /// </summary>
    public static ulong KeepLargest(
        ref RangeSet set,
        PhysicalRange always,
        ref RangeList list,
        ref WarningList warnings
    )
    {
        ulong lost = set.LostBytes;
        int pieces = lost == 0 ? 0 : 1;
        while (set.Count > RangeList.Capacity)
        {
            PhysicalRange smallest = Smallest(set.Ranges, always);
            lost += smallest.Length;
            pieces++;
            set.Remove(smallest.Base, smallest.Base + smallest.Length);
        }
        if (lost != 0)
        {
            warnings.Add(WarningSource.Cluster, WarningReason.PiecesLost, lost, things: pieces);
        }
        ReadOnlySpan<PhysicalRange> ranges = set.Ranges;
        Span<PhysicalRange> kept = list.Ranges;
        ulong bytes = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            kept[i] = ranges[i];
            bytes += ranges[i].Length;
        }
        list.Count = (uint)ranges.Length;
        return bytes;
    }

    private static PhysicalRange Smallest(ReadOnlySpan<PhysicalRange> ranges, PhysicalRange always)
    {
        PhysicalRange smallest = default;
        for (int i = 0; i < ranges.Length; i++)
        {
            bool isKept =
                always.Base >= ranges[i].Base && always.Base - ranges[i].Base < ranges[i].Length && always.Length != 0;
            if (!isKept && (smallest.Length == 0 || ranges[i].Length < smallest.Length))
            {
                smallest = ranges[i];
            }
        }
        return smallest;
    }
}
