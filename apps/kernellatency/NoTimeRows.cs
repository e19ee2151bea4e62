using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>Threads that are ready and tell that they have no time: each is chosen, and tells it instead of running.</summary>
internal static unsafe class NoTimeRows
{
    private const uint Count = 256;
    private const uint AtOnce = CallLimits.Threads;
    private const uint Priority = 10;

    /// <summary>Below them all, so that it runs when all have told.</summary>
    private const uint LastPriority = 5;

    private static NotificationCapability told;

    private static ThreadCapability Thread(uint index) => new(Subject.Slot(index));

    private static AddressSpaceCapability Space => new(Subject.Slot(Count));

    public static void Run()
    {
        told = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        Worker last = Worker.Make(Workshop.OwnSpace, 0, LastPriority, Role.Signal, told.Slot);
        last.Start();
        Sweep.Row("256-tell-no-time"u8, &MakeReady, &Await);
        Subject.Check(last.Thread.Suspend());
        Subject.Clear();
    }

    private static void MakeReady()
    {
        Subject.Clear();
        for (uint i = 0; i < Count; i += AtOnce)
        {
            Subject.Make(ObjectType.Thread, AtOnce, i);
        }
        Subject.Make(ObjectType.AddressSpace, 1, Count);
        for (uint i = 0; i < Count; i++)
        {
            Subject.Check(Thread(i).SetSpaces(CapTableCapability.Own, Space, 0));
            Subject.Check(Thread(i).SetPriority(Priority, Workshop.Control(0)));
            Subject.Check(Thread(i).SetFaults(ThreadFaults.NoTime));
            Subject.Check(Thread(i).WriteRegisters(UserLayout.ImageBase, 0, 0));
            Subject.Check(Thread(i).Resume());
        }
    }

    private static void Await() => Subject.Check(told.Wait(out _));
}
