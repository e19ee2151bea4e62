using System.Threading;
using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>
/// A thread of the highest priority, with a budget of ten microseconds in each sixty. It reads the counter until its budget
/// ends, and again as soon as its refill has woken it. The refill comes a fixed time after the end, so the gap between
/// the two readings tells how late the thread ran.
/// </summary>
internal static unsafe class Probe
{
    private const ulong BudgetMicroseconds = 10;
    private const ulong PeriodMicroseconds = 60;
    private const uint Priority = 62;

    /// <summary>A longer gap than between two readings of a running thread, and shorter than the shortest period.</summary>
    private const ulong Stopped = 20_000;

    private const int CalibrationRounds = 64;

    private static ulong last;
    private static ulong runs;
    private static ulong longest;
    private static ulong shortest = ulong.MaxValue;
    private static ulong firstReading;

    /// <summary>The gap if the CPU is in user mode when the refill comes.</summary>
    private static ulong usualGap;

    /// <summary>Ticks from the refill's time to the thread's first instructions, if the CPU is in user mode then.</summary>
    public static ulong Usual { get; private set; }

    /// <summary>How often it was woken.</summary>
    public static ulong Runs => Volatile.Read(ref runs);

    /// <summary>When its next refill is due, of the time-stamp counter.</summary>
    public static ulong NextRelease => Volatile.Read(ref last) + usualGap - Usual;

    public static void Start()
    {
        Worker worker = Worker.Make(Workshop.OwnSpace, 0, Priority, Role.Count, CapabilitySlot.Null);
        Workshop.Must(worker.Context.Configure(BudgetMicroseconds, PeriodMicroseconds, Workshop.Control(0)));
        worker.Start();
        Calibrate();
    }

    /// <summary>The thread.</summary>
    public static void Run()
    {
        ulong before = SystemCalls.ReadTimeStampCounter();
        while (true)
        {
            ulong now = SystemCalls.ReadTimeStampCounter();
            if (now - before > Stopped)
            {
                Note(now, now - before);
            }
            Volatile.Write(ref last, now);
            before = now;
        }
    }

    private static void Note(ulong now, ulong gap)
    {
        firstReading = now;
        longest = gap > longest ? gap : longest;
        shortest = gap < shortest ? gap : shortest;
        Volatile.Write(ref runs, runs + 1);
    }

    /// <summary>Nobody is in the kernel when the refill comes.</summary>
    private static void Calibrate()
    {
        Usual = ulong.MaxValue;
        for (int i = 0; i < CalibrationRounds; i++)
        {
            ulong seen = Runs;
            ulong spun = 0;
            ulong now = 0;
            while (Runs == seen)
            {
                spun = now;
                now = SystemCalls.ReadTimeStampCounter();
            }
            // Where it was stopped behind the reading, that is the last one of before; else the one before.
            ulong before = now < firstReading ? now : spun;
            ulong ticks = firstReading - before;
            Usual = ticks < Usual ? ticks : Usual;
        }
        usualGap = shortest;
    }

    public static void Forget() => longest = 0;

    /// <summary>The longest that it waited since <see cref="Forget"/>: ticks from the refill's time.</summary>
    public static ulong Longest => Volatile.Read(ref longest) - usualGap + Usual;
}
