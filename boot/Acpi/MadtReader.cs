using System;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Acpi;

/// <summary>The multiple APIC description table (ACPI 6.5, 5.2.12): entries from offset 44 on.</summary>
public static class MadtReader
{
    private const int LocalApicOffset = 36;
    private const int FixedBytes = 8;
    private const byte LocalApicEntry = 0;

    /// <summary>255 is no CPU's in an entry of that kind, whatever the local APICs' mode (ACPI 6.5, 5.2.12.2).</summary>
    private const uint LargestOfByte = 254;
    private const byte IoApicEntry = 1;
    private const byte SourceOverrideEntry = 2;
    private const byte AddressOverrideEntry = 5;
    private const byte LocalX2ApicEntry = 9;
    private const uint EnabledFlag = 1;

    /// <summary>Whatever the result, <paramref name="cpus"/> holds what could be read.</summary>
    public static TableStatus Read(ReadOnlySpan<byte> table, ref CpuTable cpus, ref WarningList warnings)
    {
        TableStatus status = TableHeader.Check(table, "APIC"u8);
        if (status != TableStatus.Valid)
        {
            return status;
        }
        if (LittleEndian.UInt32(table, 4) < TableHeader.Length + FixedBytes)
        {
            return TableStatus.TooShort;
        }
        cpus.LocalApic = LittleEndian.UInt32(table, LocalApicOffset);
        var entries = new EntryReader(TableHeader.Body(table, FixedBytes));
        while (entries.MoveNext())
        {
            if (!ReadEntry(entries.Type, entries.Current, ref cpus, ref warnings))
            {
                warnings.Add(
                    WarningSource.Madt,
                    WarningReason.BadEntry,
                    (ulong)(entries.Offset + TableHeader.Length + FixedBytes)
                );
            }
        }
        if (entries.IsBroken)
        {
            warnings.Add(
                WarningSource.Madt,
                WarningReason.BadEntry,
                (ulong)(entries.Offset + TableHeader.Length + FixedBytes)
            );
        }
        if (cpus.LeftOut != 0)
        {
            warnings.Add(WarningSource.Madt, WarningReason.TooManyCpus, (ulong)cpus.LeftOut);
        }
        return TableStatus.Valid;
    }

    private static bool ReadEntry(byte type, ReadOnlySpan<byte> entry, ref CpuTable cpus, ref WarningList warnings)
    {
        switch (type)
        {
            case LocalApicEntry:
                if (entry.Length < 8)
                {
                    return false;
                }
                AddCpu(entry[3], LargestOfByte, LittleEndian.UInt32(entry, 4), ref cpus, ref warnings);
                return true;
            case IoApicEntry:
                return InterruptEntries.AddIoApic(entry, ref cpus.Interrupts, ref warnings);
            case SourceOverrideEntry:
                return InterruptEntries.AddOverride(entry, ref cpus.Interrupts, ref warnings);
            case LocalX2ApicEntry:
                if (entry.Length < 16)
                {
                    return false;
                }
                AddCpu(
                    LittleEndian.UInt32(entry, 4),
                    cpus.LargestApicId,
                    LittleEndian.UInt32(entry, 8),
                    ref cpus,
                    ref warnings
                );
                return true;
            case AddressOverrideEntry:
                if (entry.Length < 12)
                {
                    return false;
                }
                cpus.LocalApic = LittleEndian.UInt64(entry, 4);
                return true;
            default:
                return true;
        }
    }

    private static void AddCpu(uint apicId, uint largest, uint flags, ref CpuTable cpus, ref WarningList warnings)
    {
        if ((flags & EnabledFlag) == 0)
        {
            return;
        }
        if (apicId > largest)
        {
            warnings.Add(WarningSource.Madt, WarningReason.ApicIdTooLarge, apicId);
            return;
        }
        if (cpus.Contains(apicId))
        {
            warnings.Add(WarningSource.Madt, WarningReason.DuplicateCpu, apicId);
        }
        cpus.Add(apicId);
    }
}
