using System;
using System.Runtime.CompilerServices;

namespace Skerry.Boot.Clocks;

/// <summary>
/// Measures against one reference in windows of 10 ms, until three of them agree. Emulated processors stand still at any
/// moment, for as long as a busy host likes. A halt within a window does no harm, since all counters go on, unless the
/// reference may have overflown in it; nor does one between the readings of a moment, since the quickest of several
/// counts. A window in which one of the two could have done harm is left out.
/// </summary>
public static class ClockMeasurement
{
    private const ulong WindowsInASecond = 100;
    private const ulong Millisecond = 1000; // of a second
    private const int MaximumWindows = 96;
    private const int NeededWindows = 3;

    /// <summary>Windows agree if they differ by no more than one part in so many.</summary>
    private const ulong Agreement = 256;

    /// <summary>Readings at each end of a window.</summary>
    private const int Readings = 8;

    /// <summary>The two readings that count may take no more than this part of the window.</summary>
    private const ulong Quickness = 256;

    /// <summary>A counter that has not moved in so many readings stands.</summary>
    private const int Patience = 1 << 14;

    /// <param name="hardware">The counters.</param>
    /// <param name="clock">The reference; its speed is not 0.</param>
    /// <param name="speeds">If they were measured, the mean of the windows that agree.</param>
    public static ClockStatus Measure<THardware>(ref THardware hardware, ReferenceClock clock, out ClockSpeeds speeds)
        where THardware : struct, IClockHardware
    {
        speeds = default;
        var storage = new Windows();
        Span<ClockSpeeds> windows = storage;
        int count = 0;
        for (int i = 0; i < MaximumWindows; i++)
        {
            ClockStatus status = MeasureWindow(ref hardware, clock, out ClockSpeeds window);
            if (status == ClockStatus.Stopped)
            {
                return status;
            }
            if (status == ClockStatus.Measured)
            {
                windows[count++] = window;
                if (FindAgreeing(windows.Slice(0, count), ref speeds))
                {
                    return speeds.ArePlausible ? ClockStatus.Measured : ClockStatus.Implausible;
                }
            }
        }
        return ClockStatus.Unsteady;
    }

    /// <summary>The last one, and as many before it as are needed.</summary>
    private static bool FindAgreeing(ReadOnlySpan<ClockSpeeds> windows, ref ClockSpeeds mean)
    {
        ClockSpeeds last = windows[windows.Length - 1];
        ClockSpeeds sum = default;
        int found = 0;
        for (int i = windows.Length - 1; i >= 0 && found < NeededWindows; i--)
        {
            if (windows[i].Agree(last, Agreement))
            {
                sum.TscHertz += windows[i].TscHertz;
                sum.ApicTimerHertz += windows[i].ApicTimerHertz;
                found++;
            }
        }
        mean.TscHertz = sum.TscHertz / NeededWindows;
        mean.ApicTimerHertz = sum.ApicTimerHertz / NeededWindows;
        return found == NeededWindows;
    }

    private static ClockStatus MeasureWindow<THardware>(
        ref THardware hardware,
        ReferenceClock clock,
        out ClockSpeeds speeds
    )
        where THardware : struct, IClockHardware
    {
        speeds = default;
        hardware.StartApicTimer();
        ClockReading first = Read(ref hardware, clock);
        ulong ticks = 0;
        ulong last = first.Reference;
        ulong lastTsc = first.Tsc - first.Duration;
        ulong longest = 0;
        int still = 0;
        while (ticks < clock.Hertz / WindowsInASecond)
        {
            ulong before = hardware.ReadTimeStampCounter();
            ulong now = hardware.Read(clock) & clock.Mask;
            ulong between = hardware.ReadTimeStampCounter() - lastTsc;
            longest = between > longest ? between : longest;
            still = now == last ? still + 1 : 0;
            if (still == Patience)
            {
                return ClockStatus.Stopped;
            }
            ticks += (now - last) & clock.Mask;
            last = now;
            lastTsc = before;
        }
        ClockReading end = Read(ref hardware, clock);
        ticks += (end.Reference - last) & clock.Mask;
        ulong tsc = end.Tsc - first.Tsc;
        ulong untilEnd = end.Tsc + end.Duration - lastTsc;
        longest = untilEnd > longest ? untilEnd : longest;
        bool isExact =
            first.Duration + end.Duration <= tsc / Quickness
            && tsc <= ulong.MaxValue / clock.Hertz
            && !MayOverflow(clock, longest)
            && end.ApicTimer != uint.MaxValue;
        if (!isExact)
        {
            return ClockStatus.Unsteady;
        }
        speeds.TscHertz = tsc * clock.Hertz / ticks;
        speeds.ApicTimerHertz = (ulong)(end.ApicTimer - first.ApicTimer) * clock.Hertz / ticks;
        return ClockStatus.Measured;
    }

    /// <summary>Whether the reference could go round in so many ticks of the slowest time-stamp counter.</summary>
    private static bool MayOverflow(ReferenceClock clock, ulong tsc) =>
        tsc / (ClockSpeeds.LeastTsc / Millisecond) >= clock.Mask / (clock.Hertz / Millisecond);

    /// <summary>All counters at one moment.</summary>
    private static ClockReading Read<THardware>(ref THardware hardware, ReferenceClock clock)
        where THardware : struct, IClockHardware
    {
        ClockReading quickest = default;
        for (int i = 0; i < Readings; i++)
        {
            ulong before = hardware.ReadTimeStampCounter();
            ulong reference = hardware.Read(clock) & clock.Mask;
            uint apicTimer = hardware.ReadApicTimer();
            ulong duration = hardware.ReadTimeStampCounter() - before;
            if (i == 0 || duration < quickest.Duration)
            {
                quickest = new ClockReading
                {
                    Tsc = before + duration / 2,
                    Duration = duration,
                    Reference = reference,
                    ApicTimer = apicTimer,
                };
            }
        }
        return quickest;
    }

    private struct ClockReading
    {
        public ulong Tsc;
        public ulong Duration;
        public ulong Reference;
        public uint ApicTimer;
    }

    [InlineArray(MaximumWindows)]
    private struct Windows
    {
        private ClockSpeeds _window;
    }
}

/// <summary>What came of a measurement.</summary>
public enum ClockStatus : byte
{
    Measured,

    /// <summary>The reference does not count.</summary>
    Stopped,

    /// <summary>No three windows agree.</summary>
    Unsteady,

    /// <summary>They agree on a speed that can't be.</summary>
    Implausible,
}
