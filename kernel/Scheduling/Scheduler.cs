using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// The way out of the kernel: which thread of a CPU runs, the ready one of the highest priority, first come first served
/// among equals. Each function works on the calling CPU's own threads.
/// </summary>
internal static unsafe class Scheduler
{
    /// <summary>
    /// The one way out of the slow paths: answers the thread to resume, the current one unless a better is ready; or
    /// idles, which does not return.
    /// </summary>
    public static Thread* Choose(Cpu* cpu)
    {
        Thread* current = cpu->Current;
        if (current == null)
        {
            return SwitchToBest(cpu);
        }
        if (Readiness.MayRun(current) && cpu->HighestReady <= current->Rank)
        {
            if (cpu->Charged != current->SchedContext && !Turns.BeginOther(cpu, current))
            {
                return SwitchToBest(cpu);
            }
            if (cpu->TimerIsStale)
            {
                Timekeeping.SetTimer(cpu);
            }
            return IsPlain(cpu, current) || Prepare(cpu, current) ? Leave(current) : SwitchToBest(cpu);
        }
        if (HasTimedOut(current))
        {
            // The timer may have put it there, in case that it comes back at once.
            Timekeeping.EndWait(cpu, current->SchedContext);
            bool interruptFirst = Faults.TimeOut(cpu, current);
            if (!IsStillCurrent(cpu, current))
            {
                return SwitchToBest(cpu);
            }
            if (interruptFirst && HasTimedOut(current))
            {
                // It strikes before the thread's next instruction.
                Timekeeping.StartEnded(cpu, current->SchedContext);
                return Leave(current);
            }
        }
        Readiness.Preempt(cpu, current);
        return SwitchToBest(cpu);
    }

    /// <summary><see cref="Choose"/> where the CPU may have been parked meanwhile: by an interrupt, or while it waited for the lock.</summary>
    public static Thread* ChooseUnlessParked(Cpu* cpu)
    {
        if (cpu->Parked)
        {
            GoIdle(cpu);
        }
        return Choose(cpu);
    }

    /// <summary>An exception that is due comes first: there is room for one fault alone.</summary>
    private static bool HasTimedOut(Thread* thread) =>
        (thread->Faults & ThreadFaults.Timeout) != 0
        && (thread->Flags & ThreadFlags.FaultDue) == 0
        && thread->SchedContext != null
        && thread->SchedContext->Remaining == 0;

    /// <summary>No thread is the current one: the best that is ready, or else the CPU idles.</summary>
    public static Thread* SwitchToBest(Cpu* cpu)
    {
        Thread* next;
        while (true)
        {
            next = TakeBest(cpu);
            next->State = ThreadState.Running;
            cpu->Current = next;
            LoadSpace(cpu, next->Root);
            SwitchTime(cpu, next);
            if (IsPlain(cpu, next) || Prepare(cpu, next))
            {
                break;
            }
            TakeInterruptInIdle(cpu);
        }
        return Leave(next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Thread* TakeBest(Cpu* cpu)
    {
        Thread* next;
        while (true)
        {
            next = ReadyQueues.TakeHighest(cpu);
            if (next == null)
            {
                GoIdle(cpu);
            }
            if (Readiness.MayRun(next))
            {
                break;
            }
            PassOver(cpu, next);
        }
        return next;
    }

    /// <summary>
    /// A thread that was ready has no time. If it wants that told a fault is due; if an interrupt comes first that is taken in
    /// idle, as the thread cannot go to user mode on nobody's time.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PassOver(Cpu* cpu, Thread* thread)
    {
        bool isTold = (thread->Flags & ThreadFlags.FaultDue) != 0 && Readiness.HasItsTimeDue(thread);
        if (!isTold)
        {
            // The time that was charged last was this thread's, which was queued meanwhile.
            Readiness.AwaitTime(cpu, thread);
            return;
        }
        thread->State = ThreadState.Running;
        cpu->Current = thread;
        bool interruptFirst = Faults.RaiseNoted(cpu, thread);
        if (!IsStillCurrent(cpu, thread))
        {
            TakeInterruptInIdle(cpu);
            return;
        }
        bool hasTime = Readiness.MayRun(thread);
        Readiness.Preempt(cpu, thread);
        if (interruptFirst && !hasTime)
        {
            GoIdle(cpu);
        }
    }

    /// <summary>
    /// A thread was chosen and has told a fault instead of running. As many as a user likes may do so one after the other, so
    /// an interrupt that waits is taken before the next. The timer is one of them, if it is set.
    /// </summary>
    private static void TakeInterruptInIdle(Cpu* cpu)
    {
        if (cpu->TimerIsStale)
        {
            Timekeeping.SetTimer(cpu);
        }
        // What was handed to it comes with an interrupt; the one that was put off is not seen among the others.
        bool isAsked =
            Volatile.Read(ref cpu->Shared.RequestHead) != 0 || Volatile.Read(ref cpu->Shared.SignalHead) != 0;
        if (isAsked || Interrupts.LocalApic.HasPendingInterrupt())
        {
            GoIdle(cpu);
        }
    }

    /// <summary>
    /// Where the cluster lock was waited for, so that the thread may have been stopped, or the CPU parked. If neither, its
    /// time may have been taken or given all the same: who goes on asks again.
    /// </summary>
    private static bool IsStillCurrent(Cpu* cpu, Thread* thread)
    {
        if (cpu->Parked)
        {
            GoIdle(cpu);
        }
        return cpu->Current == thread;
    }

    /// <summary>Neither this thread nor the last one is debugged, and it has no fault due.</summary>
    private static bool IsPlain(Cpu* cpu, Thread* thread) =>
        cpu->DebugOwner == null && (thread->Flags & ThreadFlags.LeftToSlowly) == 0;

    /// <summary>What is due before the current thread goes to user mode.</summary>
    /// <returns>Whether it is the current one still.</returns>
    private static bool Prepare(Cpu* cpu, Thread* thread)
    {
        if ((thread->Flags & ThreadFlags.FaultDue) != 0)
        {
            Faults.RaiseNoted(cpu, thread);
            if (!IsStillCurrent(cpu, thread))
            {
                return false;
            }
            if (!Readiness.MayRun(thread))
            {
                Readiness.Preempt(cpu, thread);
                return false;
            }
            if (cpu->Charged != thread->SchedContext && !Turns.BeginOther(cpu, thread))
            {
                return false;
            }
            SwitchTime(cpu, thread);
        }
        Debugging.Switch(cpu, thread);
        return true;
    }

    private static void SwitchTime(Cpu* cpu, Thread* thread)
    {
        if (cpu->Charged != thread->SchedContext)
        {
            Timekeeping.Start(cpu, thread->SchedContext);
        }
        if (cpu->TimerIsStale)
        {
            Timekeeping.SetTimer(cpu);
        }
    }

    /// <summary>Other CPUs read CurrentRoot to see whom to ask for a flush, so it is written before CR3 is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadSpace(Cpu* cpu, ulong root)
    {
        if (cpu->CurrentRoot != root)
        {
            Volatile.Write(ref cpu->CurrentRoot, root);
            Interlocked.MemoryBarrier();
            LoadedRoot.Load(cpu);
        }
    }

    private static Thread* Leave(Thread* thread)
    {
        RunningThread.TakeBack(thread);
        return thread;
    }

    /// <summary>Nobody is ready. Does not return.</summary>
    public static void GoIdle(Cpu* cpu)
    {
        if (cpu->Charged != null)
        {
            Timekeeping.Stop(cpu);
        }
        Timekeeping.SetIdleTimer(cpu);
        LoadSpace(cpu, PageTables.KernelRoot);
        if (cpu->Trace.Writer.IsOn)
        {
            Tracing.TraceRecorder.Idle(cpu);
        }
        Hardware.Idle(cpu);
    }
}
