using System;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Acpi;

/// <summary>The MADT's entries about interrupts of devices. False: the entry is broken.</summary>
internal static class InterruptEntries
{
    private const int IoApicBytes = 12;
    private const int OverrideBytes = 10;
    private const byte IsaBus = 0;

    // Flags of an override (ACPI 6.5, table 5.26): 1..0 polarity, 3..2 trigger mode.
    private const int PolarityMask = 3;
    private const int ActiveLow = 3;
    private const int TriggerMask = 3 << 2;
    private const int LevelTriggered = 3 << 2;

    /// <summary>Type 1: 2 id, 4 physical address (4 bytes), 8 first global system interrupt (4 bytes).</summary>
    public static bool AddIoApic(ReadOnlySpan<byte> entry, ref InterruptSources sources, ref WarningList warnings)
    {
        if (entry.Length < IoApicBytes || LittleEndian.UInt32(entry, 4) == 0)
        {
            return false;
        }
        if (sources.IoApicCount == InterruptSources.MaximumIoApics)
        {
            warnings.Add(WarningSource.Madt, WarningReason.TooManyIoApics, 1);
            return true;
        }
        sources.IoApics[(int)sources.IoApicCount++] = new IoApicDescription
        {
            PhysicalAddress = LittleEndian.UInt32(entry, 4),
            FirstInterrupt = LittleEndian.UInt32(entry, 8),
        };
        return true;
    }

    /// <summary>Type 2: 2 bus, 3 source, 4 global system interrupt (4 bytes), 8 flags (2 bytes).</summary>
    public static bool AddOverride(ReadOnlySpan<byte> entry, ref InterruptSources sources, ref WarningList warnings)
    {
        if (entry.Length < OverrideBytes || entry[2] != IsaBus)
        {
            return false;
        }
        if (sources.OverrideCount == InterruptSources.MaximumOverrides)
        {
            warnings.Add(WarningSource.Madt, WarningReason.TooManyOverrides, 1);
            return true;
        }
        int flags = entry[8];
        InterruptFlags trigger = (flags & TriggerMask) == LevelTriggered ? InterruptFlags.Level : InterruptFlags.None;
        InterruptFlags polarity = (flags & PolarityMask) == ActiveLow ? InterruptFlags.ActiveLow : InterruptFlags.None;
        sources.Overrides[(int)sources.OverrideCount++] = new InterruptOverride
        {
            Source = entry[3],
            Interrupt = LittleEndian.UInt32(entry, 4),
            Flags = trigger | polarity,
        };
        return true;
    }
}
