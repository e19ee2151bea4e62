using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// Which thread of a CPU runs: the ready one of the highest priority, first come first served among equals. Each
/// function works on the calling CPU's own threads.
/// </summary>
internal static unsafe class Scheduler
{
    /// <summary>A thread can run: it has an address space and time. Queues it; whoever leaves the kernel chooses.</summary>
    public static void MakeReady(Cpu* cpu, Thread* thread)
    {
        if (thread->SchedContext == null)
        {
            Lending.TakeOwn(thread);
        }
        thread->State = thread->Root == 0 ? ThreadState.Inactive : ThreadState.Ready;
        if (!MayRun(thread))
        {
            AwaitTime(cpu, thread);
        }
        else if (thread->SchedContext == cpu->Charged)
        {
            // A call, a reply or an answered fault passed on the time that runs now: the slice goes on with it.
            ReadyQueues.Prepend(cpu, thread);
        }
        else
        {
            ReadyQueues.Append(cpu, thread);
        }
    }

    /// <summary>
    /// A thread that is ready and can't run waits for its refill. One that no time will come for, and that wants it told,
    /// stands in its ready queue all the same, with a fault due: so it is raised in turn (<see cref="PassOver"/>).
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AwaitTime(Cpu* cpu, Thread* thread)
    {
        if (!Lending.HasNoTime(thread))
        {
            Timekeeping.AwaitRefill(cpu, thread->SchedContext);
        }
        else if (thread->Root != 0 && (thread->Faults & ThreadFaults.NoTime) != 0)
        {
            Faults.NoteNoTime(thread);
            ReadyQueues.Append(cpu, thread);
        }
    }

    /// <summary>A passive thread waits for a context, one with none left for its refill.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayRun(Thread* thread) =>
        thread->Root != 0 && thread->SchedContext != null && thread->SchedContext->Remaining != 0;

    /// <summary>Takes a thread out of whatever says that it runs or could.</summary>
    public static void Unready(Cpu* cpu, Thread* thread)
    {
        if (thread == cpu->Current)
        {
            cpu->Current = null;
        }
        else
        {
            Dequeue(cpu, thread);
        }
    }

    /// <summary>Takes a thread out of its ready queue, if it stands in one.</summary>
    public static void Dequeue(Cpu* cpu, Thread* thread)
    {
        if (ReadyQueues.Has(cpu, thread))
        {
            ReadyQueues.Remove(cpu, thread);
        }
    }

    /// <summary>A thread's time was taken away. If it is the CPU's current one, that is found on the way out.</summary>
    public static void LoseTime(Cpu* cpu, Thread* thread)
    {
        Notifications.AskOf(thread);
        AskForTime(cpu, thread);
        if (thread == cpu->Current && thread->SchedContext == null)
        {
            // What it runs on was lent to it, and it has some of its own.
            Lending.TakeOwn(thread);
        }
    }

    /// <summary>A thread that stands without time begins to do so anew: whether that is to be told may have changed.</summary>
    public static void AskForTime(Cpu* cpu, Thread* thread)
    {
        bool stands = thread->State == ThreadState.Ready && (thread->Flags & ThreadFlags.Handed) == 0;
        if (!stands || !Lending.HasNoTime(thread))
        {
            return;
        }
        Dequeue(cpu, thread);
        Faults.ForgetNoTime(thread);
        MakeReady(cpu, thread);
    }

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
        if (MayRun(current) && cpu->HighestReady <= current->Rank)
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
        Preempt(cpu, current);
        return SwitchToBest(cpu);
    }

    private static Thread* Leave(Thread* thread)
    {
        RunningThread.TakeBack(thread);
        return thread;
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

    /// <summary>
    /// A thread was chosen and has told a fault instead of running. As many as a user likes may do so one after the other, so
    /// an interrupt that waits is taken before the next.
    /// </summary>
    private static void TakeInterruptInIdle(Cpu* cpu)
    {
        // What was handed to it comes with an interrupt; the one that was put off is not seen among the others.
        bool isAsked =
            Volatile.Read(ref cpu->Shared.RequestHead) != 0 || Volatile.Read(ref cpu->Shared.SignalHead) != 0;
        if (isAsked || Interrupts.LocalApic.HasPendingInterrupt())
        {
            GoIdle(cpu);
        }
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
            if (MayRun(next))
            {
                break;
            }
            PassOver(cpu, next);
        }
        return next;
    }

    /// <summary>
    /// A thread that was ready has no time. If none will come, a fault that says so is due; if an interrupt comes first that is
    /// taken in idle, as the thread cannot go to user mode on nobody's time.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PassOver(Cpu* cpu, Thread* thread)
    {
        if (!Lending.HasNoTime(thread))
        {
            // The time that was charged last was this thread's, which was queued meanwhile: it waits for the refill.
            return;
        }
        thread->State = ThreadState.Running;
        cpu->Current = thread;
        Faults.RaiseNoted(cpu, thread);
        if (!IsStillCurrent(cpu, thread))
        {
            TakeInterruptInIdle(cpu);
            return;
        }
        bool hasTime = !Lending.HasNoTime(thread);
        Preempt(cpu, thread);
        if (!hasTime)
        {
            GoIdle(cpu);
        }
    }

    /// <summary>An exception that is due comes first: there is room for one fault alone.</summary>
    private static bool HasTimedOut(Thread* thread) =>
        (thread->Faults & ThreadFaults.Timeout) != 0
        && (thread->Flags & ThreadFlags.FaultDue) == 0
        && thread->SchedContext != null
        && thread->SchedContext->Remaining == 0;

    /// <summary>The same where the CPU may have been parked meanwhile: by an interrupt, or while it waited for the lock.</summary>
    public static Thread* ChooseUnlessParked(Cpu* cpu)
    {
        if (cpu->Parked)
        {
            GoIdle(cpu);
        }
        return Choose(cpu);
    }

    /// <summary>The current thread goes on later, before its equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Preempt(Cpu* cpu, Thread* current)
    {
        cpu->Current = null;
        current->State = ThreadState.Ready;
        AwaitTurn(cpu, current);
    }

    /// <summary>
    /// A thread whose turn is not over: before its equals, or where its time comes back. On other time than it was charged for
    /// it has had no turn yet.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AwaitTurn(Cpu* cpu, Thread* thread)
    {
        if (!MayRun(thread))
        {
            AwaitTime(cpu, thread);
        }
        else if (thread->SchedContext == cpu->Charged)
        {
            ReadyQueues.Prepend(cpu, thread);
        }
        else
        {
            ReadyQueues.Append(cpu, thread);
        }
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

    /// <summary>Neither this thread nor the last one is debugged, and it has no fault due.</summary>
    private static bool IsPlain(Cpu* cpu, Thread* thread) =>
        cpu->DebugOwner == null && (thread->Flags & ThreadFlags.LeftToSlowly) == 0;

    /// <summary>What is due before the current thread goes to user mode. Answers whether it is the current one still.</summary>
    private static bool Prepare(Cpu* cpu, Thread* thread)
    {
        if ((thread->Flags & ThreadFlags.FaultDue) != 0)
        {
            Faults.RaiseNoted(cpu, thread);
            if (!IsStillCurrent(cpu, thread))
            {
                return false;
            }
            if (!MayRun(thread))
            {
                Preempt(cpu, thread);
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

    /// <summary>
    /// The current thread, which has time, goes behind its equals. If it has its own and shares it with them, all of them
    /// come before it now, so its next slice is a whole one.
    /// </summary>
    public static void Yield(Cpu* cpu)
    {
        Thread* current = cpu->Current;
        if (cpu->HighestReady < current->Rank)
        {
            // Nobody of the same priority is ready: the slice goes on, as the entry stub has it.
            return;
        }
        StepBack(cpu);
        SchedContext* context = current->SchedContext;
        if (context->Period == 0 && context->Owner == current)
        {
            Budgets.BeginTurn(context);
        }
    }

    /// <summary>
    /// The current thread goes behind its equals, with what is left of its slice, and the target is put before its own
    /// equals. If nothing is left the turn is over, and nobody has it: the next is whoever waits longest.
    /// </summary>
    public static void YieldTo(Cpu* cpu, Thread* target)
    {
        Thread* current = cpu->Current;
        Timekeeping.Charge(cpu);
        bool isOver = cpu->Current != current || !MayRun(current);
        if (cpu->Current == current)
        {
            StepBack(cpu);
        }
        if (isOver)
        {
            return;
        }
        ReadyQueues.Remove(cpu, target);
        ReadyQueues.Prepend(cpu, target);
    }

    private static void StepBack(Cpu* cpu)
    {
        Thread* current = cpu->Current;
        cpu->Current = null;
        Timekeeping.Charge(cpu);
        current->State = ThreadState.Ready;
        if (MayRun(current))
        {
            ReadyQueues.Append(cpu, current);
        }
        else
        {
            AwaitTime(cpu, current);
        }
    }
}
