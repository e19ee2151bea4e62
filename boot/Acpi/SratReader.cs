using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Memory;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Acpi;

/// <summary>
/// The system resource affinity table (ACPI 6.5, 5.2.16): entries from offset 48 on. Hot-plug windows are looked at last,
/// and count where there is memory that no other entry names: the rest of a window is a place for memory, and none.
/// Non-volatile memory is nobody's: what lies there is to outlive the system.
/// </summary>
public static class SratReader
{
    private const int FixedBytes = 12;
    private const byte ApicEntry = 0;
    private const byte MemoryEntry = 1;
    private const byte X2ApicEntry = 2;
    private const uint EnabledFlag = 1;
    private const uint HotPlugFlag = 2;
    private const uint NonVolatileFlag = 4;

    /// <summary>The last revision in which a domain has 8 bits, and what stands behind them may be anything.</summary>
    private const byte LastNarrowRevision = 1;
    private const uint NarrowDomain = 0xff;

    /// <summary>Whatever the result, <paramref name="affinity"/> holds what could be read.</summary>
    public static TableStatus Read(
        ReadOnlySpan<byte> table,
        ref RangeSet usable,
        ref AffinityTable affinity,
        ref WarningList warnings
    )
    {
        TableStatus status = TableHeader.Check(table, "SRAT"u8);
        if (status != TableStatus.Valid)
        {
            return status;
        }
        uint domainMask = TableHeader.Revision(table) <= LastNarrowRevision ? NarrowDomain : uint.MaxValue;
        var entries = new EntryReader(TableHeader.Body(table, FixedBytes));
        while (entries.MoveNext())
        {
            if (!ReadEntry(entries.Type, entries.Current, domainMask, ref usable, ref affinity, ref warnings))
            {
                AddBroken(entries.Offset, ref warnings);
            }
        }
        if (entries.IsBroken)
        {
            AddBroken(entries.Offset, ref warnings);
        }
        ReadWindows(TableHeader.Body(table, FixedBytes), domainMask, ref usable, ref affinity, ref warnings);
        affinity.IsPresent = true;
        TellLost(ref affinity, ref warnings);
        return TableStatus.Valid;
    }

    private static bool ReadEntry(
        byte type,
        ReadOnlySpan<byte> entry,
        uint domainMask,
        ref RangeSet usable,
        ref AffinityTable affinity,
        ref WarningList warnings
    )
    {
        switch (type)
        {
            case ApicEntry:
                return entry.Length >= 16 && ReadApic(entry, domainMask, ref affinity, ref warnings);
            case MemoryEntry:
                return entry.Length >= 40 && ReadMemory(entry, domainMask, ref usable, ref affinity, ref warnings);
            case X2ApicEntry:
                return entry.Length >= 24 && ReadX2Apic(entry, ref affinity, ref warnings);
            default:
                return true;
        }
    }

    /// <summary>domain 7..0 at 2, APIC id 3, flags 4, domain 31..8 at 9.</summary>
    private static bool ReadApic(
        ReadOnlySpan<byte> entry,
        uint domainMask,
        ref AffinityTable affinity,
        ref WarningList warnings
    )
    {
        if ((LittleEndian.UInt32(entry, 4) & EnabledFlag) != 0)
        {
            uint domain = entry[2] | (uint)LittleEndian.UInt16(entry, 9) << 8 | (uint)entry[11] << 24;
            SetDomain(entry[3], domain & domainMask, ref affinity, ref warnings);
        }
        return true;
    }

    /// <summary>domain 4, x2APIC id 8, flags 12.</summary>
    private static bool ReadX2Apic(ReadOnlySpan<byte> entry, ref AffinityTable affinity, ref WarningList warnings)
    {
        if ((LittleEndian.UInt32(entry, 12) & EnabledFlag) != 0)
        {
            SetDomain(LittleEndian.UInt32(entry, 8), LittleEndian.UInt32(entry, 4), ref affinity, ref warnings);
        }
        return true;
    }

    /// <summary>domain 2, base 8, length 16, flags 28.</summary>
    private static bool ReadMemory(
        ReadOnlySpan<byte> entry,
        uint domainMask,
        ref RangeSet usable,
        ref AffinityTable affinity,
        ref WarningList warnings
    )
    {
        uint flags = LittleEndian.UInt32(entry, 28);
        if ((flags & EnabledFlag) == 0)
        {
            return true;
        }
        PhysicalRange range = RangeOf(entry);
        if (range.Length == 0)
        {
            warnings.Add(WarningSource.Srat, WarningReason.EmptyRange, range.Base);
            return true;
        }
        if (range.Base + range.Length < range.Base)
        {
            return false;
        }
        uint domain = LittleEndian.UInt32(entry, 2) & domainMask;
        if ((flags & NonVolatileFlag) != 0)
        {
            LeaveOut(range, ref usable, ref warnings);
        }
        else if (IsDomain(domain, ref warnings) && (flags & HotPlugFlag) == 0)
        {
            Tell(affinity.AddMemory(range.Base, range.Base + range.Length, domain), range.Base, ref warnings);
        }
        return true;
    }

    /// <summary>Whatever the memory map says of it. Of the pages that it has a part of, nothing is left.</summary>
    private static void LeaveOut(PhysicalRange range, ref RangeSet usable, ref WarningList warnings)
    {
        ulong before = usable.Bytes;
        usable.Remove(range.Base, range.Base + range.Length);
        usable.Align(PhysicalMemory.PageSize);
        if (usable.Bytes != before)
        {
            warnings.Add(WarningSource.Srat, WarningReason.NonVolatile, before - usable.Bytes);
        }
    }

    /// <summary>The number that stands for none names no node: what it is said of is as if nothing was said of it.</summary>
    private static bool IsDomain(uint domain, ref WarningList warnings)
    {
        if (domain == AffinityTable.NoDomain)
        {
            warnings.Add(WarningSource.Srat, WarningReason.NoDomain, domain);
        }
        return domain != AffinityTable.NoDomain;
    }

    /// <summary>What is wrong with the entries has been said.</summary>
    private static void ReadWindows(
        ReadOnlySpan<byte> body,
        uint domainMask,
        ref RangeSet usable,
        ref AffinityTable affinity,
        ref WarningList warnings
    )
    {
        var entries = new EntryReader(body);
        while (entries.MoveNext())
        {
            ReadOnlySpan<byte> entry = entries.Current;
            if (entries.Type != MemoryEntry || entry.Length < 40)
            {
                continue;
            }
            const uint windowFlags = EnabledFlag | HotPlugFlag;
            const uint flags = windowFlags | NonVolatileFlag;
            PhysicalRange window = RangeOf(entry);
            uint domain = LittleEndian.UInt32(entry, 2) & domainMask;
            bool isWindow = (LittleEndian.UInt32(entry, 28) & flags) == windowFlags;
            if (isWindow && domain != AffinityTable.NoDomain && window.Base + window.Length > window.Base)
            {
                AddWindow(window, domain, ref usable, ref affinity, ref warnings);
            }
        }
    }

    /// <summary>As much of it as the memory map says is there.</summary>
    private static void AddWindow(
        PhysicalRange window,
        uint domain,
        ref RangeSet usable,
        ref AffinityTable affinity,
        ref WarningList warnings
    )
    {
        ReadOnlySpan<PhysicalRange> ranges = usable.Ranges;
        for (int i = 0; i < ranges.Length; i++)
        {
            ulong start = ranges[i].Base > window.Base ? ranges[i].Base : window.Base;
            ulong rangeEnd = ranges[i].Base + ranges[i].Length;
            ulong windowEnd = window.Base + window.Length;
            ulong end = rangeEnd < windowEnd ? rangeEnd : windowEnd;
            if (start < end)
            {
                Tell(affinity.AddMemory(start, end, domain, isWindow: true), start, ref warnings);
            }
        }
    }

    private static void Tell(AddRangeResult result, ulong start, ref WarningList warnings)
    {
        if (result == AddRangeResult.Overlapped)
        {
            warnings.Add(WarningSource.Srat, WarningReason.OverlappingRanges, start);
        }
    }

    /// <summary>Once for all that there was no room for.</summary>
    private static void TellLost(ref AffinityTable affinity, ref WarningList warnings)
    {
        if (affinity.LostBytes != 0)
        {
            warnings.Add(
                WarningSource.Srat,
                WarningReason.TooManyRanges,
                affinity.LostBytes,
                things: affinity.LostRanges
            );
        }
        if (affinity.LostCpus != 0)
        {
            warnings.Add(WarningSource.Srat, WarningReason.TooManyCpus, (ulong)affinity.LostCpus);
        }
    }

    private static PhysicalRange RangeOf(ReadOnlySpan<byte> entry) =>
        new() { Base = LittleEndian.UInt64(entry, 8), Length = LittleEndian.UInt64(entry, 16) };

    private static void AddBroken(int offset, ref WarningList warnings) =>
        warnings.Add(WarningSource.Srat, WarningReason.BadEntry, (ulong)(offset + TableHeader.Length + FixedBytes));

    private static void SetDomain(uint apicId, uint domain, ref AffinityTable affinity, ref WarningList warnings)
    {
        if (!IsDomain(domain, ref warnings))
        {
            return;
        }
        uint known = affinity.DomainOf(apicId);
        if (known != AffinityTable.NoDomain && known != domain)
        {
            warnings.Add(WarningSource.Srat, WarningReason.DuplicateCpu, apicId);
            return;
        }
        affinity.SetDomain(apicId, domain);
    }
}
