using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelFuzz;

/// <summary>
/// One on each CPU, above all workers, for a small part of the time: wakes those who wait for ever, and starts those anew
/// who have lost what they need. Its thread, table and address space are this program's own, which no worker can name.
/// </summary>
internal static unsafe class Supervisor
{
    private const uint Priority = 63;
    private const ulong BudgetMicroseconds = 100;
    private const ulong PeriodMicroseconds = 2000;
    private const ulong StackPages = 4;

    private const ulong MicrosecondsBetweenLooks = 1000;

    /// <summary>Looks without a call after which a thread that could run is started anew: others may be before it.</summary>
    private const ulong Patience = 100;

    /// <summary>Looks without a call of any worker of a CPU after which an era is over, as starting anew does not help.</summary>
    private const ulong StuckLooks = 5000;

    private static List threads;

    public static uint Cpus;

    /// <summary>For CPU 0 there is this program's first thread.</summary>
    public static void MakeThreads()
    {
        for (uint cpu = 1; cpu < Cpus; cpu++)
        {
            var thread = new ThreadCapability(Workshop.Make(ObjectType.Thread, cpu));
            var context = new SchedContextCapability(Workshop.Make(ObjectType.SchedContext, cpu));
            FrameCapability stack = Workshop.Frame(StackPages);
            const FrameRights rights = FrameRights.Read | FrameRights.Write;
            ulong bottom = StackTop(cpu) - StackPages * UserLayout.PageSize;
            Workshop.Map(Workshop.OwnSpace, stack, bottom, rights, StackPages);
            Workshop.Must(thread.SetSpaces(CapTableCapability.Own, Workshop.OwnSpace, 0));
            Workshop.Must(context.Configure(BudgetMicroseconds, PeriodMicroseconds, Workshop.Control(cpu)));
            Workshop.Must(thread.SetScheduling(Priority, context, Workshop.Control(cpu)));
            threads[(int)cpu] = thread;
        }
    }

    private static ulong StackTop(uint cpu) => UserLayout.StackAreaBase + (cpu + 1) * UserLayout.StackSlotSize;

    public static void StartThreads()
    {
        for (uint cpu = 1; cpu < Cpus; cpu++)
        {
            ThreadCapability thread = threads[(int)cpu];
            Workshop.Must(
                thread.WriteRegisters(SystemCalls.ThreadStartAddress, StackTop(cpu), Program.SupervisorArgument | cpu)
            );
            Workshop.Must(thread.Resume());
        }
    }

    public static void StopThreads()
    {
        for (uint cpu = 1; cpu < Cpus; cpu++)
        {
            Workshop.Must(threads[(int)cpu].Suspend());
        }
    }

    /// <summary>This program's first thread: all the time while it builds, and a part of it while the workers run.</summary>
    public static void SetOwnTime(bool isBuilding)
    {
        var context = new SchedContextCapability(new CapabilitySlot((uint)InitialSlot.SchedContext));
        var thread = new ThreadCapability(new CapabilitySlot((uint)InitialSlot.Thread));
        SchedControlCapability control = Workshop.Control(0);
        Workshop.Must(
            isBuilding ? context.TakeTurns(control) : context.Configure(BudgetMicroseconds, PeriodMicroseconds, control)
        );
        Workshop.Must(thread.SetScheduling(Priority, context, control));
    }

    public static void Run(uint cpu)
    {
        ulong idleLooks = 0;
        while (true)
        {
            Look(cpu, ref idleLooks);
            Processor.Yield();
        }
    }

    /// <summary>Now and then looks after this CPU's workers. Answers whether any of them gets on.</summary>
    public static bool Look(uint cpu, ref ulong idleLooks)
    {
        ulong now = SystemCalls.ReadTimeStampCounter();
        ulong pause = Workshop.Facts->TscHertz / 1_000_000 * MicrosecondsBetweenLooks;
        if (now - lastLooks[(int)cpu] < pause)
        {
            return true;
        }
        lastLooks[(int)cpu] = now;
        WakeCpus();
        bool any = Board.IsAhead;
        for (uint i = 0; i < Layout.WorkersPerCpu; i++)
        {
            uint worker = cpu * Layout.WorkersPerCpu + i;
            ref WorkerRecord record = ref Board.Shared.Records[(int)worker];
            ulong calls = Volatile.Read(ref record.Calls);
            if (calls != record.CallsSeen)
            {
                record.CallsSeen = calls;
                record.Looks = 0;
                any = true;
                continue;
            }
            // While all wait for a check nobody is to blame.
            record.Looks += Board.IsAhead ? 0ul : 1;
            Help(worker, record.Looks);
        }
        idleLooks = any ? 0 : idleLooks + 1;
        return idleLooks < StuckLooks;
    }

    /// <summary>No worker parks the last CPU, as none parks its own, so there is always somebody to come here.</summary>
    private static void WakeCpus()
    {
        for (uint i = 0; i < Cpus; i++)
        {
            var slot = new CapabilitySlot((uint)InitialSlot.FirstCpuControl + i);
            Traps.Invoke(slot, (ulong)CpuControlOperation.Wake, 0);
        }
    }

    private static void Help(uint worker, ulong looks)
    {
        ThreadCapability thread = Workers.Thread(worker);
        thread.ReadRegisters(out ThreadRegisters registers);
        bool couldRun = registers.State is ThreadState.Running or ThreadState.Ready;
        bool isPager = worker % Layout.WorkersPerCpu == 0;
        if (looks == 0 || (isPager && registers.State == ThreadState.Receiving))
        {
            return;
        }
        if (couldRun ? looks % Patience != 0 : looks == 1)
        {
            // It has run, or waits for a partner that may come.
            return;
        }
        if (!couldRun && looks == 2)
        {
            Board.Count(ref Board.Shared.Resumed);
            thread.Suspend();
            thread.Resume();
            return;
        }
        Board.Count(ref Board.Shared.Restarted);
        Workers.Start(worker);
        if (looks % StuckLooks == 0)
        {
            Reports.Stalled(worker, registers);
        }
    }

    private static TimeList lastLooks;

    [InlineArray(Abi.Boot.BootInformation.MaximumCpus)]
    private struct TimeList
    {
        private ulong _ticks;
    }

    [InlineArray(Abi.Boot.BootInformation.MaximumCpus)]
    private struct List
    {
        private ThreadCapability _thread;
    }
}
