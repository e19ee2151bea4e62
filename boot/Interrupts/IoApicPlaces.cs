using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Memory;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Interrupts;

/// <summary>
/// Which of the I/O APICs that the MADT names can be one.
/// </summary>
public static class IoApicPlaces
{
    /// <summary>Index and data register, of which the second lies at 0x10.</summary>
    private const ulong Bytes = 0x14;

    /// <param name="named">What the table says.</param>
    /// <param name="taken">Those that were taken before it.</param>
    /// <param name="memoryMap">The start info's.</param>
    /// <param name="localApic">Its address.</param>
    /// <param name="warnings">Why not.</param>
    /// <returns>False: nothing may be read or written there.</returns>
    public static bool MayBe(
        IoApicDescription named,
        ref InterruptSources taken,
        ReadOnlySpan<byte> memoryMap,
        ulong localApic,
        ref WarningList warnings
    )
    {
        ulong start = named.PhysicalAddress;
        ulong end = start + Bytes;
        for (int i = 0; i < taken.IoApicCount; i++)
        {
            ulong other = taken.IoApics[i].PhysicalAddress;
            if (start < other + Bytes && other < end)
            {
                warnings.Add(WarningSource.Madt, WarningReason.DuplicateIoApic, start);
                return false;
            }
        }
        if (!RegisterPlaces.MayBe(start, end, memoryMap, localApic))
        {
            warnings.Add(WarningSource.Madt, WarningReason.IoApicElsewhere, start);
            return false;
        }
        return true;
    }

    /// <summary>Takes one whose inputs have been counted, or warns that none is there, or has others' interrupts.</summary>
    public static void Add(IoApicDescription found, ref InterruptSources taken, ref WarningList warnings)
    {
        if (found.InputCount == 0)
        {
            warnings.Add(WarningSource.Madt, WarningReason.NoIoApic, found.PhysicalAddress);
            return;
        }
        ulong end = (ulong)found.FirstInterrupt + found.InputCount;
        for (int i = 0; i < taken.IoApicCount; i++)
        {
            IoApicDescription other = taken.IoApics[i];
            if (found.FirstInterrupt < (ulong)other.FirstInterrupt + other.InputCount && other.FirstInterrupt < end)
            {
                warnings.Add(WarningSource.Madt, WarningReason.InterruptsOfAnother, found.PhysicalAddress);
                return;
            }
        }
        taken.IoApics[(int)taken.IoApicCount++] = found;
    }
}
