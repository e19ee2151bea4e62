using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>The queue of contexts that wait for their refill is long, and the probe's stands in it too.</summary>
internal static unsafe class RefillRows
{
    private const uint Count = 512;
    private const uint AtOnce = CallLimits.Threads;
    private const uint Priority = 10;

    /// <summary>Microseconds: no refill comes while this is measured.</summary>
    private const ulong HalfAnHour = 1_800_000_000;

    /// <summary>Microseconds: as small as a part of the CPU allows, more or less.</summary>
    private const ulong Budget = 100;

    /// <summary>Millionths of the CPU.</summary>
    private const uint Share = 900_000;

    private static SchedControlCapability control;

    private static ThreadCapability Thread(uint index) => new(Subject.Slot(index));

    private static SchedContextCapability Context(uint index) => new(Subject.Slot(Count + index));

    private static AddressSpaceCapability Space => new(Subject.Slot(2 * Count));

    public static void Run()
    {
        control = new SchedControlCapability(Workshop.Slots(1));
        Subject.Check(Workshop.Control(0).Derive(CapTableCapability.Own, control.Slot, Priority, Share));
        Subject.Clear();
        for (uint i = 0; i < Count; i += AtOnce)
        {
            Subject.Make(ObjectType.Thread, AtOnce, i);
            Subject.Make(ObjectType.SchedContext, AtOnce, Count + i);
        }
        Subject.Make(ObjectType.AddressSpace, 1, 2 * Count);
        for (uint i = 0; i < Count; i++)
        {
            Wait(i);
        }
        Sweep.Row("yield-512-refills"u8, &Nothing, &Yield);
        Sweep.Row("configure-512-refills"u8, &Nothing, &Configure);
        Sweep.Row("resume-suspend-512-refills"u8, &Nothing, &ResumeSuspend);
        Sweep.Row("512-refills-due"u8, &ComeDue, &AwaitDue);
        Subject.Clear();
    }

    private static void Nothing() { }

    /// <summary>The context begins empty, as its share is a derived one, and its thread waits for it.</summary>
    private static void Wait(uint index)
    {
        Subject.Check(Context(index).Configure(Budget, HalfAnHour + index, control));
        Subject.Check(Thread(index).SetSpaces(CapTableCapability.Own, Space, 0));
        Subject.Check(Thread(index).SetScheduling(Priority, Context(index), control));
        Subject.Check(Thread(index).WriteRegisters(UserLayout.ImageBase, 0, 0));
        Subject.Check(Thread(index).Resume());
    }

    private static void Yield() => Processor.Yield();

    private static void Configure() => Subject.Check(Context(0).Configure(Budget, HalfAnHour, control));

    private static void ResumeSuspend()
    {
        Subject.Check(Thread(1).Suspend());
        Subject.Check(Thread(1).Resume());
    }

    /// <summary>Microseconds: so long that all contexts together keep within the share.</summary>
    private const ulong Lead = 32_000;

    /// <summary>Microseconds: little more than the least that a part of a CPU gives, so that the share has room for all.</summary>
    private const ulong LeastBudget = 50;

    /// <summary>Microseconds that all refills take, and more.</summary>
    private const ulong Storm = 300;

    private static ulong dueAt;

    private static ulong Microsecond => Workshop.Facts->TscHertz / 1_000_000;

    /// <summary>All contexts are configured anew, so that they begin empty, and their refills come at the same time.</summary>
    private static void ComeDue()
    {
        dueAt = SystemCalls.ReadTimeStampCounter() + Lead * Microsecond;
        for (uint i = 0; i < Count; i++)
        {
            ulong left = (dueAt - SystemCalls.ReadTimeStampCounter()) / Microsecond;
            Subject.Check(Context(i).Configure(LeastBudget, left + LeastBudget, control));
        }
    }

    private static void AwaitDue()
    {
        while (SystemCalls.ReadTimeStampCounter() < dueAt + Storm * Microsecond) { }
    }
}
