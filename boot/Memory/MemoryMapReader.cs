using System;
using Skerry.Boot.Acpi;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Memory;

/// <summary>
/// The memory map of PVH's start info (Xen public/arch-x86/hvm/start_info.h): entries of 24 bytes with address 0, size 8,
/// type 16. Type 1 is RAM.
/// </summary>
public static class MemoryMapReader
{
    public const int EntryBytes = 24;
    private const uint Ram = 1;
    private const uint AcpiTables = 3;
    private const uint AcpiStorage = 4;
    private const ulong FirstUsed = 1 << 20;

    /// <summary>Whole pages of RAM above 1 MiB that no entry of another type touches.</summary>
    public static void Read(ReadOnlySpan<byte> entries, ref RangeSet usable, ref WarningList warnings)
    {
        if (entries.Length < EntryBytes)
        {
            warnings.Add(WarningSource.Memory, WarningReason.Missing);
        }
        for (int i = 0; i + EntryBytes <= entries.Length; i += EntryBytes)
        {
            if (ReadEntry(entries.Slice(i, EntryBytes), out ulong start, out ulong end) == Ram)
            {
                usable.Add(start, end);
            }
        }
        for (int i = 0; i + EntryBytes <= entries.Length; i += EntryBytes)
        {
            if (ReadEntry(entries.Slice(i, EntryBytes), out ulong start, out ulong end) != Ram)
            {
                usable.Remove(start, end);
            }
        }
        usable.Remove(0, FirstUsed);
        usable.Align(PhysicalMemory.PageSize);
        if (usable.LostBytes != 0)
        {
            warnings.Add(WarningSource.Memory, WarningReason.PiecesLost, usable.LostBytes);
        }
    }

    /// <summary>Whether any of the range is RAM, be it the firmware's tables'.</summary>
    public static bool HasMemory(ReadOnlySpan<byte> entries, ulong start, ulong end)
    {
        for (int i = 0; i + EntryBytes <= entries.Length; i += EntryBytes)
        {
            uint type = ReadEntry(entries.Slice(i, EntryBytes), out ulong first, out ulong last);
            if (type is Ram or AcpiTables or AcpiStorage && first < end && start < last)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>An entry that would reach beyond the last address ends there.</summary>
    private static uint ReadEntry(ReadOnlySpan<byte> entry, out ulong start, out ulong end)
    {
        start = LittleEndian.UInt64(entry, 0);
        end = start + LittleEndian.UInt64(entry, 8);
        end = end < start ? ulong.MaxValue : end;
        return LittleEndian.UInt32(entry, 16);
    }
}
