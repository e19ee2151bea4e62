using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelFuzz;

/// <summary>
/// What supervisors and wakers do for workers that do not get on: whoever waits is taken out of it, whoever has lost what
/// it needs is started anew.
/// </summary>
internal static class Helping
{
    private const ulong MicrosecondsBetweenLooks = 1000;

    /// <summary>Looks without a call after which a thread that could run is started anew: others may be before it.</summary>
    private const ulong Patience = 100;

    /// <summary>The same in calls of all workers.</summary>
    private const ulong PatienceInCalls = 500;

    /// <summary>Looks without a call of any worker of a CPU after which an era is over, as starting anew does not help.</summary>
    private const ulong StuckLooks = 5000;

    private static TimeList lastLooks;
    private static TurnList turns;

    /// <summary>Now and then looks after this CPU's workers.</summary>
    /// <returns>Whether any of them gets on.</returns>
    public static bool Look(uint cpu, ref ulong idleLooks)
    {
        ulong now = SystemCalls.ReadTimeStampCounter();
        if (now - lastLooks[(int)cpu] < Ticks(MicrosecondsBetweenLooks))
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
                record.AllCallsThen = Volatile.Read(ref Board.Shared.Calls);
                record.Looks = 0;
                any = true;
                continue;
            }
            // While all wait for a check nobody is to blame.
            record.Looks += Board.IsAhead ? 0ul : 1;
            HelpIfDue(worker, ref record);
        }
        idleLooks = any ? 0 : idleLooks + 1;
        return idleLooks < StuckLooks;
    }

    private static ulong Ticks(ulong microseconds)
    {
        unsafe
        {
            return Workshop.Facts->TscHertz / 1_000_000 * microseconds;
        }
    }

    /// <summary>No worker parks the last CPU, as none parks its own, so there is always somebody to come here.</summary>
    private static void WakeCpus()
    {
        for (uint i = 0; i < Supervisor.Cpus; i++)
        {
            var slot = new CapabilitySlot((uint)InitialSlot.FirstCpuControl + i);
            Traps.Invoke(slot, (ulong)CpuControlOperation.Wake, 0);
        }
    }

    private static void HelpIfDue(uint worker, ref WorkerRecord record)
    {
        ThreadCapability thread = Workers.Thread(worker);
        thread.ReadRegisters(out ThreadRegisters registers);
        if (record.Looks == 0 || IsAtRest(worker, registers.State))
        {
            return;
        }
        if (CouldRun(registers.State))
        {
            bool outOfPatience = Volatile.Read(ref Board.Shared.Calls) - record.AllCallsThen >= PatienceInCalls;
            if (!outOfPatience && record.Looks % Patience != 0)
            {
                return;
            }
            record.AllCallsThen = Volatile.Read(ref Board.Shared.Calls);
            StartAnew(worker);
        }
        else if (record.Looks == 2)
        {
            TakeOut(thread);
        }
        else if (record.Looks > 2)
        {
            StartAnew(worker);
        }
        if (record.Looks % StuckLooks == StuckLooks - 1)
        {
            Reports.Stalled(worker, registers);
        }
    }

    /// <summary>
    /// Nothing else can run on this CPU: one of its workers is helped, and so is before the waker. In turn, since the others
    /// may wait for a partner that comes. Out of what it waits for first, then anew.
    /// </summary>
    public static void HelpNext(uint cpu)
    {
        uint turn = turns[(int)cpu]++ % Layout.WorkersPerCpu;
        uint worker = cpu * Layout.WorkersPerCpu + turn;
        ThreadCapability thread = Workers.Thread(worker);
        thread.ReadRegisters(out ThreadRegisters registers);
        if (IsAtRest(worker, registers.State))
        {
            return;
        }
        ref WorkerRecord record = ref Board.Shared.Records[(int)worker];
        ulong calls = Volatile.Read(ref record.Calls);
        bool isFirst = record.CallsHelped != calls;
        record.CallsHelped = calls;
        if (isFirst && !CouldRun(registers.State))
        {
            TakeOut(thread);
        }
        else if (!isFirst)
        {
            StartAnew(worker);
        }
    }

    /// <summary>A pager without a fault.</summary>
    private static bool IsAtRest(uint worker, ThreadState state) =>
        worker % Layout.WorkersPerCpu == 0 && state == ThreadState.Receiving;

    private static bool CouldRun(ThreadState state) => state is ThreadState.Running or ThreadState.Ready;

    private static void TakeOut(ThreadCapability thread)
    {
        Board.Count(ref Board.Shared.Resumed);
        thread.Suspend();
        thread.Resume();
    }

    private static void StartAnew(uint worker)
    {
        Board.Count(ref Board.Shared.Restarted);
        Workers.Start(worker);
    }

    [InlineArray(Abi.Boot.BootInformation.MaximumCpus)]
    private struct TimeList
    {
        private ulong _ticks;
    }

    [InlineArray(Abi.Boot.BootInformation.MaximumCpus)]
    private struct TurnList
    {
        private uint _turn;
    }
}
