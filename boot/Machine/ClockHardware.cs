using System.Threading;
using Skerry.Boot.Clocks;

namespace Skerry.Boot.Machine;

/// <summary>The machine's counters.</summary>
internal readonly unsafe struct ClockHardware : IClockHardware
{
    // Intel 8254 data sheet: channel 0, which needs no gate, counts down from 65,536 and anew (mode 2).
    private const ushort Channel0 = 0x40;
    private const ushort Command = 0x43;
    private const byte Channel0Mode2 = 0x34;
    private const byte LatchChannel0 = 0x00;
    private const ulong IntervalTimerHertz = 1_193_182;

    // IA-PC HPET 1.0a, 2.3: general capabilities, configuration, main counter.
    private const ulong Capabilities = 0x00;
    private const ulong Configuration = 0x10;
    private const ulong MainCounter = 0xf0;
    private const uint Enable = 1;
    private const ulong FemtosecondsInASecond = 1_000_000_000_000_000;
    private const uint LongestPeriod = 100_000_000;

    // ACPI 6.5, 4.8.2.1.
    private const ulong AcpiTimerHertz = 3_579_545;

    public static ReferenceClock IntervalTimer =>
        new()
        {
            Source = ClockSource.IntervalTimer,
            Hertz = IntervalTimerHertz,
            Mask = 0xffff,
        };

    public static ReferenceClock AcpiTimer(ushort port) =>
        new()
        {
            Source = ClockSource.AcpiTimer,
            Place = port,
            Hertz = AcpiTimerHertz,
            Mask = 0xff_ffff,
        };

    /// <summary>Its speed is 0 if no HPET answers there.</summary>
    public static ReferenceClock Hpet(ulong address)
    {
        uint period = Volatile.Read(ref *(uint*)(address + Capabilities + 4));
        return new ReferenceClock
        {
            Source = ClockSource.Hpet,
            Place = address,
            Hertz = period is > 0 and <= LongestPeriod ? FemtosecondsInASecond / period : 0,
            Mask = uint.MaxValue,
        };
    }

    /// <summary>Makes the counter run.</summary>
    /// <returns>What <see cref="Stop"/> wants back.</returns>
    public static uint Start(ReferenceClock clock)
    {
        switch (clock.Source)
        {
            case ClockSource.IntervalTimer:
                Processor.OutByte(Command, Channel0Mode2);
                Processor.OutByte(Channel0, 0);
                Processor.OutByte(Channel0, 0);
                return 0;
            case ClockSource.Hpet:
                uint configuration = Volatile.Read(ref *(uint*)(clock.Place + Configuration));
                Volatile.Write(ref *(uint*)(clock.Place + Configuration), configuration | Enable);
                return configuration;
            default:
                return 0;
        }
    }

    /// <summary>The HPET is left as it was found; the interval timer runs on, as firmware has it, and nobody hears it.</summary>
    public static void Stop(ReferenceClock clock, uint before)
    {
        if (clock.Source == ClockSource.Hpet)
        {
            Volatile.Write(ref *(uint*)(clock.Place + Configuration), before);
        }
    }

    public ulong ReadTimeStampCounter() => Processor.ReadTimeStampCounter();

    // Safety: the table says that the registers are there, below 4 GiB, where all is mapped.
    public ulong Read(ReferenceClock clock) =>
        clock.Source switch
        {
            ClockSource.Hpet => Volatile.Read(ref *(uint*)(clock.Place + MainCounter)),
            ClockSource.AcpiTimer => Processor.InDoubleWord((ushort)clock.Place),
            ClockSource.IntervalTimer => ReadIntervalTimer(),
            _ => Processor.ReadTimeStampCounter(),
        };

    public void StartApicTimer() => LocalApic.StartTimer();

    public uint ReadApicTimer() => LocalApic.TimerElapsed();

    private static ulong ReadIntervalTimer()
    {
        Processor.OutByte(Command, LatchChannel0);
        uint low = Processor.InByte(Channel0);
        uint high = Processor.InByte(Channel0);
        return 0ul - (low | high << 8);
    }
}
