using System;
using Skerry.Boot.Acpi;
using Skerry.Boot.Clocks;
using Skerry.Boot.Console;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Machine;

/// <summary>The speeds of the time-stamp counter and the local APIC timer, measured against all clocks that there are.</summary>
internal static class Clock
{
    public static ulong TscHertz { get; private set; }

    public static ulong ApicTimerHertz { get; private set; }

    /// <summary>Ends the boot with a reason if there is no clock, or none to believe.</summary>
    public static void Calibrate(RootTable root, ReadOnlySpan<byte> memoryMap, ref WarningList warnings)
    {
        var comparison = new ClockComparison();
        TableStatus status = ClockTables.ReadHpet(
            AcpiTables.Find(root, "HPET"u8, WarningSource.Hpet, ref warnings),
            memoryMap,
            LocalApic.Address,
            ref warnings,
            out ulong address
        );
        WarnOfTable(WarningSource.Hpet, status, ref warnings);
        if (address != 0)
        {
            Add(ClockHardware.Hpet(address), ref comparison);
        }
        status = ClockTables.ReadAcpiTimer(
            AcpiTables.Find(root, "FACP"u8, WarningSource.AcpiTimer, ref warnings),
            ref warnings,
            out ushort port
        );
        WarnOfTable(WarningSource.AcpiTimer, status, ref warnings);
        if (port != 0)
        {
            Add(ClockHardware.AcpiTimer(port), ref comparison);
        }
        if (CpuidClock<ProcessorCpuid>.Find(out ReferenceClock told))
        {
            Add(told, ref comparison);
        }
        Add(ClockHardware.IntervalTimer, ref comparison);
        LocalApic.StopTimer();
        Decide(ref comparison, ref warnings);
    }

    public static void Wait(ulong microseconds)
    {
        ulong start = Processor.ReadTimeStampCounter();
        while (!HasPassed(start, microseconds)) { }
    }

    public static bool HasPassed(ulong start, ulong microseconds) =>
        Processor.ReadTimeStampCounter() - start >= TscHertz / 1_000_000 * microseconds;

    /// <summary>Neither table has to be there.</summary>
    private static void WarnOfTable(WarningSource source, TableStatus status, ref WarningList warnings)
    {
        if (status != TableStatus.Missing)
        {
            TableWarnings.Add(source, status, ref warnings);
        }
    }

    private static void Add(ReferenceClock clock, ref ClockComparison comparison)
    {
        var hardware = new ClockHardware();
        ClockSpeeds speeds = default;
        ClockStatus status = ClockStatus.Stopped;
        if (clock.Hertz != 0)
        {
            uint before = ClockHardware.Start(clock);
            status = ClockMeasurement.Measure(ref hardware, clock, out speeds);
            ClockHardware.Stop(clock, before);
        }
        comparison.Add(clock.Source, status, speeds);
    }

    private static void Decide(ref ClockComparison comparison, ref WarningList warnings)
    {
        ClockVerdict verdict = comparison.Choose(out ClockSpeeds speeds, ref warnings);
        if (verdict != ClockVerdict.Chosen)
        {
            Tell(comparison.All);
            Ending.Fail(
                "time-stamp counter"u8,
                verdict == ClockVerdict.NoClock
                    ? "can't be measured: there is no clock that works"u8
                    : "can't be measured: the clocks disagree"u8
            );
        }
        TscHertz = speeds.TscHertz;
        ApicTimerHertz = speeds.ApicTimerHertz;
    }

    private static void Tell(ReadOnlySpan<ClockOpinion> opinions)
    {
        for (int i = 0; i < opinions.Length; i++)
        {
            Text<SerialConsole>.Write(WarningText.Of(ClockComparison.SourceOf(opinions[i].Source)));
            Text<SerialConsole>.Write(
                opinions[i].Status switch
                {
                    ClockStatus.Stopped => ": does not run"u8,
                    ClockStatus.Unsteady => ": gives no steady speed"u8,
                    _ => ": in Hz"u8,
                }
            );
            Text<SerialConsole>.Field("tsc"u8, opinions[i].Speeds.TscHertz);
            Text<SerialConsole>.Field("apic-timer"u8, opinions[i].Speeds.ApicTimerHertz);
            Text<SerialConsole>.Line();
        }
    }
}
