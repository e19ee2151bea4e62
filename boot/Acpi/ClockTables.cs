using System;
using Skerry.Boot.Memory;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Acpi;

/// <summary>Where the tables say that clocks are.</summary>
public static class ClockTables
{
    /// <summary>Of the registers (IA-PC HPET 1.0a, 2.3.1).</summary>
    private const ulong HpetBytes = 0x400;

    private const byte AcpiTimerBytes = 4;

    /// <summary>
    /// The HPET's table (IA-PC HPET 1.0a, 3.2.4): a generic address at 40, of which 0 is memory, and the address at 44.
    /// </summary>
    /// <param name="table">All of it, unchecked.</param>
    /// <param name="memoryMap">The start info's.</param>
    /// <param name="localApic">Its address.</param>
    /// <param name="warnings">Registers that are not all within reach, or lie over others or memory, are warned of.</param>
    /// <param name="address">Physical address of the registers; 0 if there are none in memory.</param>
    public static TableStatus ReadHpet(
        ReadOnlySpan<byte> table,
        ReadOnlySpan<byte> memoryMap,
        ulong localApic,
        ref WarningList warnings,
        out ulong address
    )
    {
        const int fixedBytes = 20;
        address = 0;
        TableStatus status = TableHeader.Check(table, "HPET"u8);
        if (status == TableStatus.Valid && LittleEndian.UInt32(table, 4) < TableHeader.Length + fixedBytes)
        {
            status = TableStatus.TooShort;
        }
        if (status == TableStatus.Valid && table[40] == 0)
        {
            address = LittleEndian.UInt64(table, 44);
        }
        if (address > TableMemory.Reach - HpetBytes)
        {
            warnings.Add(WarningSource.Hpet, WarningReason.OutOfReach, address);
            address = 0;
        }
        if (address != 0 && !RegisterPlaces.MayBe(address, address + HpetBytes, memoryMap, localApic))
        {
            warnings.Add(WarningSource.Hpet, WarningReason.LiesElsewhere, address);
            address = 0;
        }
        return status;
    }

    /// <summary>
    /// The fixed ACPI description table (ACPI 6.5, 5.2.9): the timer's port at 76 (4 bytes), its length at 91, flags at
    /// 112; from revision 2 on a generic address at 208, of which 1 is a port, and the port at 212.
    /// </summary>
    /// <param name="table">All of it, unchecked.</param>
    /// <param name="warnings">A length that is none of a timer's is warned of; a longer register begins with the timer.</param>
    /// <param name="port">I/O port of the timer; 0 if there is none.</param>
    public static TableStatus ReadAcpiTimer(ReadOnlySpan<byte> table, ref WarningList warnings, out ushort port)
    {
        const uint firstBytes = 116;
        const uint extendedBytes = 220;
        const uint hardwareReduced = 1 << 20;
        port = 0;
        TableStatus status = TableHeader.Check(table, "FACP"u8);
        if (status != TableStatus.Valid)
        {
            return status;
        }
        uint length = LittleEndian.UInt32(table, 4);
        if (length < firstBytes)
        {
            return TableStatus.TooShort;
        }
        byte bytes = table[91];
        if ((LittleEndian.UInt32(table, 112) & hardwareReduced) != 0 || bytes == 0)
        {
            return TableStatus.Valid;
        }
        if (bytes != AcpiTimerBytes)
        {
            warnings.Add(WarningSource.AcpiTimer, WarningReason.BadLength);
        }
        if (bytes < AcpiTimerBytes)
        {
            return TableStatus.Valid;
        }
        uint first = LittleEndian.UInt32(table, 76);
        bool isExtended = first == 0 && length >= extendedBytes && table[208] == 1;
        ulong place = isExtended ? LittleEndian.UInt64(table, 212) : first;
        port = place <= ushort.MaxValue - 3 ? (ushort)place : (ushort)0;
        return TableStatus.Valid;
    }
}
