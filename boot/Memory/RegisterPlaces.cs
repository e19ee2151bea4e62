using System;
using Skerry.Boot.Acpi;

namespace Skerry.Boot.Memory;

/// <summary>
/// Where a device's registers can lie that a table names. They are written to: who believes a wrong place writes into
/// memory.
/// </summary>
public static class RegisterPlaces
{
    private const ulong LocalApicBytes = 0x1000;

    /// <param name="start">Physical address of the first register.</param>
    /// <param name="end">Behind the last one.</param>
    /// <param name="memoryMap">The start info's.</param>
    /// <param name="localApic">Its address.</param>
    /// <returns>False: memory or the local APIC lies there, or what can't be reached while tables are read.</returns>
    public static bool MayBe(ulong start, ulong end, ReadOnlySpan<byte> memoryMap, ulong localApic)
    {
        bool isLocalApic = start < localApic + LocalApicBytes && localApic < end;
        return !isLocalApic && end <= TableMemory.Reach && !MemoryMapReader.HasMemory(memoryMap, start, end);
    }
}
