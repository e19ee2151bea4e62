using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// CPUs are parked and woken while the others unmap pages, zero memory and stop threads: nothing hangs, nobody runs on a
/// parked CPU, and what was signalled meanwhile is there afterwards.
/// </summary>
internal static unsafe class ParkTests
{
    private const int Rounds = 8;

    /// <summary>As many as the host can run at once, or nearly.</summary>
    private const uint MostCpus = 4;
    private const uint SpinnerPriority = 20;
    private const ulong Window = UserLayout.AttachBase + 0x1c0_0000;

    private static WorkerList spinners;
    private static NotificationCapability remote;
    private static ulong calls;
    private static ulong wrongAnswers;

    public static bool Run()
    {
        uint cpus = CpuCount;
        if (cpus < 2)
        {
            return true;
        }
        for (uint cpu = 1; cpu < cpus; cpu++)
        {
            // CPU 1 is often in the kernel, and waits for its lock, when it is parked.
            Role role = cpu == 1 ? Role.Invoker : Role.Count;
            spinners[(int)cpu] = Worker.Make(Workshop.OwnSpace, cpu, SpinnerPriority, role, CapabilitySlot.Null);
            spinners[(int)cpu].Start();
        }
        remote = new NotificationCapability(Workshop.Make(ObjectType.Notification, 1));
        Worker waiter = Worker.Make(Workshop.OwnSpace, 1, 45, Role.Waiter, remote.Slot);
        waiter.Start();
        bool passed = OwnIsRefused() & StandsStill(waiter);
        for (uint cpu = 1; cpu < cpus; cpu++)
        {
            Workshop.Must(spinners[(int)cpu].Thread.Suspend());
        }
        Workshop.Must(waiter.Thread.Suspend());
        return passed;
    }

    private static uint CpuCount => Workshop.Facts->CpuCount < MostCpus ? Workshop.Facts->CpuCount : MostCpus;

    /// <summary>Asks the kernel the same again and again; counts, and counts wrong answers.</summary>
    public static void InvokeForever()
    {
        Workshop.Must(Workshop.OwnSpace.Query(UserLayout.ImageBase, out ulong expected, out _));
        while (true)
        {
            Status status = Workshop.OwnSpace.Query(UserLayout.ImageBase, out ulong physical, out _);
            wrongAnswers += status == Status.Ok && physical == expected ? 0u : 1u;
            Volatile.Write(ref calls, calls + 1);
        }
    }

    private static CpuControlCapability ControlOf(uint cpu) =>
        new(new CapabilitySlot((uint)InitialSlot.FirstCpuControl + cpu));

    private static bool OwnIsRefused()
    {
        bool refused =
            ControlOf(0).Park() == Status.WrongCpu
            && ControlOf(0).Wake() == Status.InvalidState
            && ControlOf(1).Wake() == Status.InvalidState;
        Console.Test("park-refused"u8, refused, "refused"u8, refused ? 1u : 0u);
        return refused;
    }

    private static bool StandsStill(Worker waiter)
    {
        UntypedCapability memory = Workshop.Untyped(16);
        FrameCapability frame = Workshop.Frame(1);
        uint last = CpuCount - 1;
        ulong wrong = 0;
        for (int round = 0; round < Rounds; round++)
        {
            AwaitCounting();
            Workshop.Must(ControlOf(1).Park());
            ulong counted = Volatile.Read(ref calls);
            ulong woken = SchedulingTests.Wakes;
            Work(memory, frame, last);
            AwaitReady(waiter);
            Workshop.Must(ControlOf(1).Query(out CpuState state, out _, out _));
            wrong += state == CpuState.Parked ? 0u : 1u;
            wrong += counted == Volatile.Read(ref calls) ? 0u : 1u;
            wrong += woken == SchedulingTests.Wakes ? 0u : 1u;
            Workshop.Must(ControlOf(1).Wake());
            AwaitWake(woken + 1);
        }
        wrong += wrongAnswers;
        Console.Test("park"u8, wrong == 0, "wrong"u8, wrong);
        return wrong == 0;
    }

    /// <summary>What asks something of every CPU of the cluster, of those that run this address space, and of the parked one.</summary>
    private static void Work(UntypedCapability memory, FrameCapability frame, uint last)
    {
        CapabilitySlot slot = Workshop.Slots(1);
        Workshop.Map(Workshop.OwnSpace, frame, Window, FrameRights.Read | FrameRights.Write, 1);
        *(ulong*)Window = 1;
        Workshop.Must(frame.Unmap());
        Workshop.Must(memory.RetypeFrame(8, slot));
        Workshop.Must(CapTableCapability.Own.Revoke(memory.Slot));
        Workshop.Must(spinners[1].Thread.Suspend());
        spinners[1].Start();
        Workshop.Must(remote.Signal());
        if (last > 1)
        {
            Workshop.Must(ControlOf(last).Park());
            Workshop.Must(ControlOf(last).Wake());
        }
    }

    private static void AwaitCounting()
    {
        ulong before = Volatile.Read(ref calls);
        while (Volatile.Read(ref calls) == before)
        {
            Processor.Yield();
        }
    }

    /// <summary>The signal is an interrupt to the parked CPU, which takes it: its waiter is ready, and stays so.</summary>
    private static void AwaitReady(Worker waiter)
    {
        while (waiter.State != ThreadState.Ready)
        {
            Processor.Yield();
        }
    }

    private static void AwaitWake(ulong wakes)
    {
        while (SchedulingTests.Wakes < wakes)
        {
            Processor.Yield();
        }
    }

    [InlineArray(Abi.Boot.BootInformation.MaximumCpus)]
    private struct WorkerList
    {
        private Worker _worker;
    }
}
