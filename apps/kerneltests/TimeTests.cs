using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>Consumed time, and slices that are given to somebody.</summary>
internal static unsafe class TimeTests
{
    /// <summary>That of the thread which runs the tests.</summary>
    private const uint Own = 40;

    public static bool Run() => Consumed() & YieldTo();

    /// <summary>Between two readings lies at least what was spun between them, and at most all that passed around them.</summary>
    private static bool Consumed()
    {
        ulong millisecond = Workshop.Facts->TscHertz / 1000;
        var context = new SchedContextCapability(new CapabilitySlot((uint)InitialSlot.SchedContext));
        ulong begin = SystemCalls.ReadTimeStampCounter();
        Workshop.Must(context.Consumed(out ulong before));
        ulong start = SystemCalls.ReadTimeStampCounter();
        ulong end = start;
        while (end - start < millisecond)
        {
            // The time is consumed here, not by whoever else is ready.
            end = SystemCalls.ReadTimeStampCounter();
        }
        Workshop.Must(context.Consumed(out ulong after));
        ulong all = SystemCalls.ReadTimeStampCounter() - begin;
        bool right = after - before >= end - start && after - before <= all;
        Console.Test("consumed-now"u8, right, "us"u8, (after - before) / (millisecond / 1000));
        return right;
    }

    /// <summary>Of two equals that are ready the later one is named: its fault comes first.</summary>
    private static bool YieldTo()
    {
        Worker first = CodePage.Thread(0, Own, CodePage.Undefined);
        Worker second = CodePage.Thread(0, Own, CodePage.Undefined);
        first.Start();
        second.Start();
        Workshop.Must(second.Context.YieldTo());
        bool right = FaultReceiver.Receive(FaultLabel.Exception);
        right &= FaultReceiver.Last.Word3 == second.Thread.Slot.Value;
        Workshop.Must(second.Thread.Suspend());
        right &= FaultReceiver.Receive(FaultLabel.Exception);
        right &= FaultReceiver.Last.Word3 == first.Thread.Slot.Value;
        Workshop.Must(first.Thread.Suspend());
        Status status = first.Context.YieldTo();
        right &= status == Status.InvalidState;
        Console.Test("yield-to"u8, right, "status for nobody"u8, (ulong)status);
        return right;
    }
}
