using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Skerry.Boot.Topology;

namespace Skerry.Boot.Acpi;

/// <summary>What the SRAT says: the proximity domain of each CPU and of each memory range.</summary>
public struct AffinityTable
{
    /// <summary>Two for each node, as one may lie on both sides of a hole.</summary>
    public const int MaximumRanges = 2 * MachineTopology.MaximumNodes;
    public const uint NoDomain = uint.MaxValue;

    private ApicIdMap _domains;
    private MemoryRanges _memory;
    private int _memoryCount;

    /// <summary>Whether there was a table at all that could be read.</summary>
    public bool IsPresent;

    /// <summary>Bytes for whose ranges there was no room: nothing says what node they are on.</summary>
    public ulong LostBytes { get; private set; }

    /// <summary>Those ranges.</summary>
    public int LostRanges { get; private set; }

    /// <summary>CPUs that there was no room for.</summary>
    public int LostCpus { get; private set; }

    [UnscopedRef]
    public ReadOnlySpan<MemoryAffinity> Memory => ((Span<MemoryAffinity>)_memory).Slice(0, _memoryCount);

    /// <summary>The domain of a CPU, or <see cref="NoDomain"/>.</summary>
    public readonly uint DomainOf(uint apicId)
    {
        int index = _domains.Find(apicId);
        return index >= 0 ? _domains.ValueAt(index) : NoDomain;
    }

    public void SetDomain(uint apicId, uint domain) => LostCpus += _domains.Set(apicId, domain) ? 0 : 1;

    /// <summary>
    /// Keeps the ranges ascending; those of one domain that touch are one. One that overlaps an earlier one loses what both
    /// name: the table's first word counts. A hot-plug window is expected to overlap memory that is present, and is told of
    /// other windows only.
    /// </summary>
    public AddRangeResult AddMemory(ulong start, ulong end, uint domain, bool isWindow = false)
    {
        Span<MemoryAffinity> ranges = _memory;
        bool overlaps = false;
        bool hadRoom = true;
        int place = 0;
        while (start < end)
        {
            while (place < _memoryCount && ranges[place].End <= start)
            {
                place++;
            }
            bool isFree = place == _memoryCount || ranges[place].Base >= end;
            overlaps |= !isFree && (!isWindow || ranges[place].IsWindow);
            ulong freeEnd = isFree ? end : ranges[place].Base;
            ulong next = isFree ? end : ranges[place].End;
            // What there is no room for is counted, to the end.
            hadRoom &= start >= freeEnd || Join(place, start, freeEnd, domain, isWindow);
            // What was added may be one with those around it.
            place = 0;
            start = next;
        }
        return !hadRoom ? AddRangeResult.NoRoom
            : overlaps ? AddRangeResult.Overlapped
            : AddRangeResult.Added;
    }

    /// <summary>Adds a range that overlaps none, behind all that end before it: to those that it touches, or by itself.</summary>
    private bool Join(int place, ulong start, ulong end, uint domain, bool isWindow)
    {
        Span<MemoryAffinity> ranges = _memory;
        bool isSame = place > 0 && ranges[place - 1].Domain == domain && ranges[place - 1].IsWindow == isWindow;
        bool isBehind = isSame && ranges[place - 1].End == start;
        isSame = place < _memoryCount && ranges[place].Domain == domain && ranges[place].IsWindow == isWindow;
        bool isBefore = isSame && ranges[place].Base == end;
        if (isBefore)
        {
            ranges[place].Length += end - start;
            ranges[place].Base = start;
        }
        else if (isBehind)
        {
            ranges[place - 1].Length += end - start;
        }
        if (isBefore && isBehind)
        {
            ranges[place - 1].Length += ranges[place].Length;
            Remove(place);
        }
        return isBefore || isBehind || Insert(place, start, end, domain, isWindow);
    }

    private void Remove(int place)
    {
        Span<MemoryAffinity> ranges = _memory;
        _memoryCount--;
        for (int i = place; i < _memoryCount; i++)
        {
            ranges[i] = ranges[i + 1];
        }
    }

    private bool Insert(int place, ulong start, ulong end, uint domain, bool isWindow)
    {
        if (_memoryCount == MaximumRanges)
        {
            LostBytes += end - start;
            LostRanges++;
            return false;
        }
        Span<MemoryAffinity> ranges = _memory;
        for (int i = _memoryCount; i > place; i--)
        {
            ranges[i] = ranges[i - 1];
        }
        ranges[place] = new MemoryAffinity
        {
            Base = start,
            Length = end - start,
            Domain = domain,
            IsWindow = isWindow,
        };
        _memoryCount++;
        return true;
    }

    [InlineArray(MaximumRanges)]
    private struct MemoryRanges
    {
        private MemoryAffinity _range;
    }
}

/// <summary>What became of a range.</summary>
public enum AddRangeResult : byte
{
    Added,
    Overlapped,
    NoRoom,
}
