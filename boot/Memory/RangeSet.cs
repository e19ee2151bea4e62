using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Skerry.Abi.Boot;

namespace Skerry.Boot.Memory;

/// <summary>
/// Disjoint ranges of physical memory, ascending; those that touch are one. If there are too many the smallest are lost,
/// and counted.
/// </summary>
public struct RangeSet
{
    public const int Capacity = 256;

    private int _count;
    private Items _items;

    public readonly int Count => _count;

    [UnscopedRef]
    public ReadOnlySpan<PhysicalRange> Ranges => ((Span<PhysicalRange>)_items).Slice(0, _count);

    /// <summary>Bytes for whose ranges there was no room.</summary>
    public ulong LostBytes { get; private set; }

    /// <summary>Of all ranges together.</summary>
    public readonly ulong Bytes
    {
        get
        {
            ulong bytes = 0;
            ReadOnlySpan<PhysicalRange> items = _items;
            for (int i = 0; i < _count; i++)
            {
                bytes += items[i].Length;
            }
            return bytes;
        }
    }

    public void Clear()
    {
        _count = 0;
        LostBytes = 0;
    }

    /// <returns>False: there was no room for all; the smallest range is lost, which may be the new one.</returns>
    public bool Add(ulong start, ulong end)
    {
        if (start >= end)
        {
            return true;
        }
        Span<PhysicalRange> items = _items;
        int first = 0;
        while (first < _count && End(items[first]) < start)
        {
            first++;
        }
        int last = first;
        while (last < _count && items[last].Base <= end)
        {
            start = items[last].Base < start ? items[last].Base : start;
            end = End(items[last]) > end ? End(items[last]) : end;
            last++;
        }
        if (!Replace(first, last, 1))
        {
            return AddToFull(start, end);
        }
        items[first] = new PhysicalRange { Base = start, Length = end - start };
        return true;
    }

    /// <summary>The range touches none of those that there are.</summary>
    private bool AddToFull(ulong start, ulong end)
    {
        int smallest = 0;
        for (int i = 1; i < _count; i++)
        {
            smallest = Ranges[i].Length < Ranges[smallest].Length ? i : smallest;
        }
        ulong length = Ranges[smallest].Length;
        bool isNewSmaller = end - start <= length;
        LostBytes += isNewSmaller ? end - start : length;
        if (!isNewSmaller)
        {
            Replace(smallest, smallest + 1, 0);
            Add(start, end);
        }
        return false;
    }

    /// <returns>False: a range would fall in two and there is no room; its smaller part is lost.</returns>
    public bool Remove(ulong start, ulong end)
    {
        bool hadRoom = true;
        Span<PhysicalRange> items = _items;
        for (int i = _count - 1; i >= 0 && start < end; i--)
        {
            PhysicalRange range = items[i];
            if (range.Base >= end || End(range) <= start)
            {
                continue;
            }
            bool keepsLower = range.Base < start;
            bool keepsUpper = End(range) > end;
            if (keepsLower && keepsUpper && _count == Capacity)
            {
                hadRoom = false;
                keepsUpper = End(range) - end > start - range.Base;
                keepsLower = !keepsUpper;
                LostBytes += keepsUpper ? start - range.Base : End(range) - end;
            }
            Replace(i, i + 1, (keepsLower ? 1 : 0) + (keepsUpper ? 1 : 0));
            int next = i;
            if (keepsLower)
            {
                items[next++] = new PhysicalRange { Base = range.Base, Length = start - range.Base };
            }
            if (keepsUpper)
            {
                items[next] = new PhysicalRange { Base = end, Length = End(range) - end };
            }
        }
        return hadRoom;
    }

    /// <summary>Cuts every range down to whole units of this power of two.</summary>
    public void Align(ulong unit)
    {
        Span<PhysicalRange> items = _items;
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            ulong start = (items[i].Base + unit - 1) & ~(unit - 1);
            ulong end = End(items[i]) & ~(unit - 1);
            if (start < end && start >= items[i].Base)
            {
                items[kept++] = new PhysicalRange { Base = start, Length = end - start };
            }
        }
        _count = kept;
    }

    private static ulong End(PhysicalRange range) => range.Base + range.Length;

    /// <summary>Makes the entries [first, last) into <paramref name="places"/> entries by moving those behind them.</summary>
    private bool Replace(int first, int last, int places)
    {
        int shift = places - (last - first);
        if (_count + shift > Capacity)
        {
            return false;
        }
        Span<PhysicalRange> items = _items;
        for (int i = _count - 1; shift > 0 && i >= last; i--)
        {
            items[i + shift] = items[i];
        }
        for (int i = last; shift < 0 && i < _count; i++)
        {
            items[i + shift] = items[i];
        }
        _count += shift;
        return true;
    }

    [InlineArray(Capacity)]
    private struct Items
    {
        private PhysicalRange _item;
    }
}
