namespace Skerry.Boot.Clocks;

/// <summary>A counter of known speed, which the time-stamp counter and the local APIC timer are measured against.</summary>
public struct ReferenceClock
{
    public ClockSource Source;

    /// <summary>Physical address or I/O port; 0 if the source needs none.</summary>
    public ulong Place;

    /// <summary>Ticks in a second.</summary>
    public ulong Hertz;

    /// <summary>The bits that the counter has, from the lowest on. It counts upwards, and on from 0.</summary>
    public ulong Mask;
}

/// <summary>What tells the time.</summary>
public enum ClockSource : byte
{
    Hpet,
    AcpiTimer,

    /// <summary>The time-stamp counter, whose speed CPUID tells.</summary>
    Cpuid,
    IntervalTimer,
}
