using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Skerry.Boot.Acpi;

/// <summary>What the SRAT says: the proximity domain of each CPU and of each memory range.</summary>
public struct AffinityTable
{
    public const int MaximumRanges = 256;
    public const uint NoDomain = uint.MaxValue;

    private CpuDomains _cpuDomains;
    private MemoryRanges _memory;
    private int _memoryCount;

    /// <summary>Whether there was a table at all that could be read.</summary>
    public bool IsPresent;

    [UnscopedRef]
    public ReadOnlySpan<MemoryAffinity> Memory => ((Span<MemoryAffinity>)_memory).Slice(0, _memoryCount);

    /// <summary>The domain of a CPU, or <see cref="NoDomain"/>.</summary>
    public uint DomainOf(uint apicId)
    {
        ReadOnlySpan<ulong> domains = _cpuDomains;
        return apicId < CpuTable.Capacity && domains[(int)apicId] != 0 ? (uint)(domains[(int)apicId] - 1) : NoDomain;
    }

    public void SetDomain(uint apicId, uint domain)
    {
        Span<ulong> domains = _cpuDomains;
        domains[(int)apicId] = (ulong)domain + 1;
    }

    /// <summary>
    /// Keeps the ranges ascending. One that overlaps an earlier one loses what both name: the table's first word counts.
    /// A hot-plug window is expected to overlap memory that is present, and is told of other windows only.
    /// </summary>
    public AddRangeResult AddMemory(ulong start, ulong end, uint domain, bool isWindow = false)
    {
        Span<MemoryAffinity> ranges = _memory;
        bool overlaps = false;
        int place = 0;
        while (place < _memoryCount && start < end)
        {
            MemoryAffinity present = ranges[place];
            if (present.Base < end && present.End > start)
            {
                overlaps |= !isWindow || present.IsWindow;
                if (start < present.Base && !Insert(place++, start, present.Base, domain, isWindow))
                {
                    return AddRangeResult.NoRoom;
                }
                start = present.End;
            }
            else if (present.Base >= end)
            {
                break;
            }
            place++;
        }
        if (start < end && !Insert(place, start, end, domain, isWindow))
        {
            return AddRangeResult.NoRoom;
        }
        return overlaps ? AddRangeResult.Overlapped : AddRangeResult.Added;
    }

    private bool Insert(int place, ulong start, ulong end, uint domain, bool isWindow)
    {
        if (_memoryCount == MaximumRanges)
        {
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

    /// <summary>Domain + 1 for each APIC id; 0 for those the table does not name.</summary>
    [InlineArray(CpuTable.Capacity)]
    private struct CpuDomains
    {
        private ulong _domain;
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
