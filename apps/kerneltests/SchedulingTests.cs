using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelTests;

/// <summary>Preemption by the timer, budgets, and notifications.</summary>
internal static unsafe class SchedulingTests
{
    private const uint Low = 10;

    private static ulong counter0;
    private static ulong counter1;

    public static ref ulong Counter0 => ref counter0;

    public static ulong Wakes => Volatile.Read(ref wakes);
    private static ulong wakes;

    public static bool Run() => EqualsShare() & SignalsWake() & Budget() & VectorsSurvive();

    public static void Count(uint which)
    {
        ref ulong counter = ref which == 0 ? ref counter0 : ref counter1;
        while (true)
        {
            Volatile.Write(ref counter, counter + 1);
        }
    }

    public static void WaitOften(NotificationCapability notification)
    {
        while (notification.Wait(out ulong bits) == Status.Ok)
        {
            Volatile.Write(ref wakes, wakes + bits);
        }
    }

    /// <summary>Lets the lower priorities run for some of the counter's ticks.</summary>
    public static void Rest(ulong milliseconds)
    {
        ulong ticks = Workshop.Facts->TscHertz / 1000 * milliseconds;
        ulong start = SystemCalls.ReadTimeStampCounter();
        ThreadCapability self = new(new CapabilitySlot((uint)InitialSlot.Thread));
        Workshop.Must(self.SetPriority(Low, default));
        while (SystemCalls.ReadTimeStampCounter() - start < ticks)
        {
            Processor.Yield();
        }
        Workshop.Must(self.SetPriority(40, default));
    }

    /// <summary>
    /// The same until the threads of the lower priorities have come so far: how far they come in any time is the host's
    /// to say.
    /// </summary>
    /// <returns>False if they never do.</returns>
    private static bool RestUntil(delegate* <bool> condition, ulong milliseconds)
    {
        const int patience = 200;
        for (int i = 0; i < patience && !condition(); i++)
        {
            Rest(milliseconds);
        }
        return condition();
    }

    private static bool EqualsShare()
    {
        Worker first = Worker.Make(Workshop.OwnSpace, 0, Low, Role.Count, CapabilitySlot.Null);
        Worker second = Worker.Make(Workshop.OwnSpace, 0, Low, Role.Count, new CapabilitySlot(1));
        first.Start();
        second.Start();
        bool both = RestUntil(&BothCounted, 200);
        Workshop.Must(first.Thread.Suspend());
        Workshop.Must(second.Thread.Suspend());
        Console.Test("equals-share"u8, both, "count of the second"u8, counter1);
        return both;
    }

    private static bool BothCounted() => Volatile.Read(ref counter0) > 0 && Volatile.Read(ref counter1) > 0;

    private static bool SignalsWake()
    {
        var notification = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        CapabilitySlot badged = Workshop.Slots(1);
        Workshop.Must(
            CapTableCapability.Own.Mint(badged, CapTableCapability.Own, notification, NotificationRights.Signal, 4)
        );
        Worker waiter = Worker.Make(Workshop.OwnSpace, 0, 45, Role.Waiter, notification.Slot);
        waiter.Start();
        for (int i = 0; i < 100; i++)
        {
            Workshop.Must(new NotificationCapability(badged).Signal());
        }
        Console.Test("signals-wake"u8, wakes == 400, "sum of bits"u8, wakes);
        return wakes == 400;
    }

    /// <summary>
    /// 1 ms in every 10: a thread that spins gets no more than its share. How much that is can be said only where the
    /// counter counts instructions; elsewhere the host may stop the CPU in the middle of a slice.
    /// </summary>
    private static bool Budget()
    {
        Worker spinner = Worker.Make(Workshop.OwnSpace, 0, Low + 5, Role.Count, CapabilitySlot.Null);
        Workshop.Must(spinner.Context.Configure(1_000, 10_000, Workshop.Control(0)));
        spinner.Start();
        Rest(300);
        Workshop.Must(spinner.Thread.Suspend());
        Workshop.Must(spinner.Context.Consumed(out ulong ticks));
        ulong milliseconds = ticks / (Workshop.Facts->TscHertz / 1000);
        bool within = !BenchLine.CountsInstructions(Workshop.CommandLine) || milliseconds is >= 2 and <= 31;
        Console.Test("budget-holds"u8, within, "ms of 300 used"u8, milliseconds);
        return within;
    }

    /// <summary>Two threads compute in vector registers and preempt each other; both must come to what one comes to alone.</summary>
    private static bool VectorsSurvive()
    {
        long expected0 = Compute(1.5);
        long expected1 = Compute(2.5);
        Worker first = Worker.Make(Workshop.OwnSpace, 0, Low, Role.Vectors, CapabilitySlot.Null);
        Worker second = Worker.Make(Workshop.OwnSpace, 0, Low, Role.Vectors, new CapabilitySlot(1));
        first.Start();
        second.Start();
        bool computed = RestUntil(&BothComputed, 200);
        Workshop.Must(first.Thread.Suspend());
        Workshop.Must(second.Thread.Suspend());
        bool right = result0 == expected0 && result1 == expected1 && wrongResults == 0;
        Console.Test("vectors-survive"u8, computed && right, "wrong results"u8, wrongResults);
        return computed && right;
    }

    public static void ComputeForever(uint which)
    {
        long expected = Compute(which == 0 ? 1.5 : 2.5);
        while (true)
        {
            long result = Compute(which == 0 ? 1.5 : 2.5);
            wrongResults += result == expected ? 0u : 1u;
            (which == 0 ? ref result0 : ref result1) = result;
            (which == 0 ? ref rounds0 : ref rounds1) += 1;
        }
    }

    private const int Steps = 200_000;

    private static bool BothComputed() => Volatile.Read(ref rounds0) > 0 && Volatile.Read(ref rounds1) > 0;

    private static long result0;
    private static long result1;
    private static ulong rounds0;
    private static ulong rounds1;
    private static ulong wrongResults;

    private static long Compute(double value)
    {
        double sum = 0;
        for (int i = 0; i < Steps; i++)
        {
            sum += value;
            value = value * 1.000001 - 0.0000003;
        }
        return (long)(sum * 1000);
    }
}
