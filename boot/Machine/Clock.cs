namespace Skerry.Boot.Machine;

/// <summary>
/// The time-stamp counter and the local APIC timer, measured against channel 2 of the interval timer (Intel 8254 data
/// sheet; gate and output at port 0x61).
/// </summary>
internal static class Clock
{
    private const ushort Channel2 = 0x42;
    private const ushort Command = 0x43;
    private const ushort Gate = 0x61;
    private const byte Channel2Mode0 = 0xb0;
    private const byte GateOpen = 0x01;
    private const byte SpeakerOn = 0x02;
    private const byte Output = 0x20;
    private const ulong PitHertz = 1_193_182;
    private const int Windows = 3;

    /// <summary>Ticks of one window, about 10 ms.</summary>
    private const uint WindowTicks = 11_932;

    /// <summary>A timer that does not end its window within so many ticks of the counter does not run.</summary>
    private const ulong Patience = 1ul << 34;

    public static ulong TscHertz { get; private set; }

    public static ulong ApicTimerHertz { get; private set; }

    /// <summary>The shortest of a few windows counts: delays only lengthen one. False: no interval timer answered.</summary>
    public static bool Calibrate()
    {
        ulong leastTsc = ulong.MaxValue;
        ulong leastApic = ulong.MaxValue;
        for (int i = 0; i < Windows; i++)
        {
            if (!Measure(out ulong tsc, out ulong apic))
            {
                return false;
            }
            leastTsc = tsc < leastTsc ? tsc : leastTsc;
            leastApic = apic < leastApic ? apic : leastApic;
        }
        TscHertz = leastTsc * PitHertz / WindowTicks;
        ApicTimerHertz = leastApic * PitHertz / WindowTicks;
        return true;
    }

    public static void Wait(ulong microseconds)
    {
        ulong start = Processor.ReadTimeStampCounter();
        while (!HasPassed(start, microseconds)) { }
    }

    public static bool HasPassed(ulong start, ulong microseconds) =>
        Processor.ReadTimeStampCounter() - start >= TscHertz / 1_000_000 * microseconds;

    private static bool Measure(out ulong tsc, out ulong apic)
    {
        byte gate = (byte)(Processor.InByte(Gate) & ~(SpeakerOn | GateOpen));
        Processor.OutByte(Gate, gate);
        Processor.OutByte(Command, Channel2Mode0);
        Processor.OutByte(Channel2, (byte)(WindowTicks & 0xff));
        Processor.OutByte(Channel2, (byte)(WindowTicks >> 8));
        LocalApic.StartTimer();
        ulong start = Processor.ReadTimeStampCounter();
        Processor.OutByte(Gate, (byte)(gate | GateOpen));
        bool runs = true;
        while (runs && (Processor.InByte(Gate) & Output) == 0)
        {
            runs = Processor.ReadTimeStampCounter() - start < Patience;
        }
        tsc = Processor.ReadTimeStampCounter() - start;
        apic = LocalApic.TimerElapsed();
        LocalApic.StopTimer();
        return runs;
    }
}
