using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelFuzz;

/// <summary>
/// One on each CPU, above all workers, for a small part of the time, and a waker below them: they help those who do not
/// get on. Their threads, table and address space are this program's own, which no worker can name.
/// </summary>
internal static unsafe class Supervisor
{
    private const uint Priority = 63;
    private const ulong BudgetMicroseconds = 100;
    private const ulong PeriodMicroseconds = 2000;
    private const ulong StackPages = 4;

    /// <summary>Below all that the workers are given; chance may put some of them beside it.</summary>
    private const uint WakerPriority = 0;

    private static NotificationCapability bell;
    private static bool isStuck;
    private static List threads;
    private static List wakers;
    private static NotificationList doorbells;

    public static uint Cpus;

    /// <summary>
    /// This program's first thread, which builds and checks, has all its time. It sleeps while the workers run: a budget of
    /// a part of the time would be overrun so far by a check that what is owed took longer than the calls before it.
    /// </summary>
    public static void MakeThreads()
    {
        SchedControlCapability control = Workshop.Control(0);
        var own = new SchedContextCapability(new CapabilitySlot((uint)InitialSlot.SchedContext));
        Workshop.Must(own.TakeTurns(control));
        var first = new ThreadCapability(new CapabilitySlot((uint)InitialSlot.Thread));
        Workshop.Must(first.SetScheduling(Priority, own, control));
        bell = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        for (uint cpu = 0; cpu < Cpus; cpu++)
        {
            doorbells[(int)cpu] = new NotificationCapability(Workshop.Make(ObjectType.Notification, cpu));
            threads[(int)cpu] = MakeThread(cpu, StackTop(cpu), Priority, PeriodMicroseconds);
            wakers[(int)cpu] = MakeThread(cpu, StackTop(Cpus + cpu), WakerPriority, 0);
        }
    }

    /// <param name="cpu">Index in the cluster.</param>
    /// <param name="stackTop">Where its stack ends.</param>
    /// <param name="priority">0 to 63.</param>
    /// <param name="period">Microseconds in which it has a small budget; 0: it takes turns.</param>
    private static ThreadCapability MakeThread(uint cpu, ulong stackTop, uint priority, ulong period)
    {
        var thread = new ThreadCapability(Workshop.Make(ObjectType.Thread, cpu));
        var context = new SchedContextCapability(Workshop.Make(ObjectType.SchedContext, cpu));
        FrameCapability stack = Workshop.Frame(StackPages);
        const FrameRights rights = FrameRights.Read | FrameRights.Write;
        Workshop.Map(Workshop.OwnSpace, stack, stackTop - StackPages * UserLayout.PageSize, rights, StackPages);
        Workshop.Must(thread.SetSpaces(CapTableCapability.Own, Workshop.OwnSpace, 0));
        SchedControlCapability control = Workshop.Control(cpu);
        Workshop.Must(
            period == 0 ? context.TakeTurns(control) : context.Configure(BudgetMicroseconds, period, control)
        );
        Workshop.Must(thread.SetScheduling(priority, context, control));
        return thread;
    }

    /// <summary>The first stack slot is the first thread's.</summary>
    private static ulong StackTop(uint index) => UserLayout.StackAreaBase + (index + 2) * UserLayout.StackSlotSize;

    public static void StartThreads()
    {
        Volatile.Write(ref isStuck, false);
        for (uint cpu = 0; cpu < Cpus; cpu++)
        {
            Start(threads[(int)cpu], StackTop(cpu), Program.SupervisorArgument | cpu);
            Start(wakers[(int)cpu], StackTop(Cpus + cpu), Program.WakerArgument | cpu);
        }
    }

    private static void Start(ThreadCapability thread, ulong stackTop, ulong argument)
    {
        Workshop.Must(thread.WriteRegisters(SystemCalls.ThreadStartAddress, stackTop, argument));
        Workshop.Must(thread.Resume());
    }

    public static void StopThreads()
    {
        for (uint cpu = 0; cpu < Cpus; cpu++)
        {
            Workshop.Must(threads[(int)cpu].Suspend());
            Workshop.Must(wakers[(int)cpu].Suspend());
        }
    }

    /// <summary>
    /// Between two eras, so that as many capabilities are bound to each CPU each time: a worker may have bound some that are not
    /// made of the playground (the bell, a frame of a device), which outlive it.
    /// </summary>
    public static void TakeCpus()
    {
        for (uint cpu = 0; cpu < Cpus; cpu++)
        {
            var control = new CpuControlCapability(new CapabilitySlot((uint)InitialSlot.FirstCpuControl + cpu));
            Workshop.Must(control.BindDoorbell(doorbells[(int)cpu]));
            // InvalidState if there is none.
            control.StopTrace();
        }
    }

    /// <summary>So that workers need not wait until a supervisor sees that the first thread is needed.</summary>
    public static void GiveBell(CapTableCapability table, uint slot) =>
        table.Copy(new CapabilitySlot(slot), CapTableCapability.Own, bell.Slot, NotificationRights.Signal);

    /// <summary>The first thread sleeps until the workers wait for a check, have made all their calls, or can't go on.</summary>
    /// <returns>Whether they can.</returns>
    public static bool SleepUntilNeeded()
    {
        bell.Wait(out _);
        return !Volatile.Read(ref isStuck);
    }

    private static bool IsNeeded => Board.IsAhead || Board.IsAtEnd || Volatile.Read(ref isStuck);

    public static void Run(uint cpu)
    {
        ulong idleLooks = 0;
        while (true)
        {
            if (!Helping.Look(cpu, ref idleLooks) && cpu == 0)
            {
                Volatile.Write(ref isStuck, true);
            }
            if (cpu == 0 && IsNeeded)
            {
                bell.Signal();
            }
            Processor.Yield();
        }
    }

    /// <summary>Runs when no worker of this CPU can: instead of the wait for the next look, one is helped at once.</summary>
    public static void RunWaker(uint cpu)
    {
        while (true)
        {
            Helping.HelpNext(cpu);
        }
    }

    [InlineArray(Abi.Boot.BootInformation.MaximumCpus)]
    private struct NotificationList
    {
        private NotificationCapability _notification;
    }

    [InlineArray(Abi.Boot.BootInformation.MaximumCpus)]
    private struct List
    {
        private ThreadCapability _thread;
    }
}
