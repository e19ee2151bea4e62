using System;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Acpi;

/// <summary>The system resource affinity table (ACPI 6.5, 5.2.16): entries from offset 48 on.</summary>
public static class SratReader
{
    private const int FixedBytes = 12;
    private const byte ApicEntry = 0;
    private const byte MemoryEntry = 1;
    private const byte X2ApicEntry = 2;
    private const uint EnabledFlag = 1;

    /// <summary>Whatever the result, <paramref name="affinity"/> holds what could be read.</summary>
    public static TableStatus Read(ReadOnlySpan<byte> table, ref AffinityTable affinity, ref WarningList warnings)
    {
        TableStatus status = TableHeader.Check(table, "SRAT"u8);
        if (status != TableStatus.Valid)
        {
            return status;
        }
        var entries = new EntryReader(TableHeader.Body(table, FixedBytes));
        while (entries.MoveNext())
        {
            if (!ReadEntry(entries.Type, entries.Current, ref affinity, ref warnings))
            {
                warnings.Add(
                    WarningSource.Srat,
                    WarningReason.BadEntry,
                    (ulong)(entries.Offset + TableHeader.Length + FixedBytes)
                );
            }
        }
        if (entries.IsBroken)
        {
            warnings.Add(
                WarningSource.Srat,
                WarningReason.BadEntry,
                (ulong)(entries.Offset + TableHeader.Length + FixedBytes)
            );
        }
        affinity.IsPresent = true;
        return TableStatus.Valid;
    }

    private static bool ReadEntry(
        byte type,
        ReadOnlySpan<byte> entry,
        ref AffinityTable affinity,
        ref WarningList warnings
    )
    {
        switch (type)
        {
            case ApicEntry:
                return entry.Length >= 16 && ReadApic(entry, ref affinity, ref warnings);
            case MemoryEntry:
                return entry.Length >= 40 && ReadMemory(entry, ref affinity, ref warnings);
            case X2ApicEntry:
                return entry.Length >= 24 && ReadX2Apic(entry, ref affinity, ref warnings);
            default:
                return true;
        }
    }

    /// <summary>domain 7..0 at 2, APIC id 3, flags 4, domain 31..8 at 9.</summary>
    private static bool ReadApic(ReadOnlySpan<byte> entry, ref AffinityTable affinity, ref WarningList warnings)
    {
        if ((LittleEndian.UInt32(entry, 4) & EnabledFlag) != 0)
        {
            uint domain = entry[2] | (uint)LittleEndian.UInt16(entry, 9) << 8 | (uint)entry[11] << 24;
            SetDomain(entry[3], domain, ref affinity, ref warnings);
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
    private static bool ReadMemory(ReadOnlySpan<byte> entry, ref AffinityTable affinity, ref WarningList warnings)
    {
        if ((LittleEndian.UInt32(entry, 28) & EnabledFlag) == 0)
        {
            return true;
        }
        ulong start = LittleEndian.UInt64(entry, 8);
        ulong length = LittleEndian.UInt64(entry, 16);
        if (length == 0)
        {
            warnings.Add(WarningSource.Srat, WarningReason.EmptyRange, start);
            return true;
        }
        if (start + length < start)
        {
            return false;
        }
        switch (affinity.AddMemory(start, start + length, LittleEndian.UInt32(entry, 2)))
        {
            case AddRangeResult.Overlapped:
                warnings.Add(WarningSource.Srat, WarningReason.OverlappingRanges, start);
                break;
            case AddRangeResult.NoRoom:
                warnings.Add(WarningSource.Srat, WarningReason.TooMany, AffinityTable.MaximumRanges);
                break;
        }
        return true;
    }

    private static void SetDomain(uint apicId, uint domain, ref AffinityTable affinity, ref WarningList warnings)
    {
        if (apicId > CpuTable.LargestApicId)
        {
            warnings.Add(WarningSource.Srat, WarningReason.ApicIdTooLarge, apicId);
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
