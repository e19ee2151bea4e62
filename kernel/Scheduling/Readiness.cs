using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// Where a thread stands that could run: in its ready queue, or where its time comes back. Who comes into either chooses
/// nobody; that is for the way out (<see cref="Scheduler"/>). The CPU is the thread's, this one or one that stands still.
/// </summary>
internal static unsafe class Readiness
{
    /// <summary>A thread can run: it has an address space and time. Queues it; whoever leaves the kernel chooses.</summary>
    public static void MakeReady(Cpu* cpu, Thread* thread)
    {
        if (thread->SchedContext == null)
        {
            Lending.TakeOwn(thread);
        }
        thread->State = thread->Root == 0 ? ThreadState.Inactive : ThreadState.Ready;
        AwaitTurn(cpu, thread);
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
            // It was not the time that ended. Or a call, a reply or an answered fault passed on the time that runs now.
            ReadyQueues.Prepend(cpu, thread);
        }
        else
        {
            ReadyQueues.Append(cpu, thread);
        }
    }

    /// <summary>
    /// A thread that is ready and can't run waits for its refill, or for time to be given. One that wants it told, or has other
    /// time to go on with, stands in its ready queue all the same, with a fault due: so that is seen to in turn
    /// (<see cref="Scheduler"/>), under the cluster lock. It makes no difference how it came to a budget that is used up: by a
    /// message, with an answer, or as others ran before it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AwaitTime(Cpu* cpu, Thread* thread)
    {
        if (HasItsTimeDue(thread))
        {
            SeeToTimeInTurn(cpu, thread);
        }
        else if (!Lending.HasNoTime(thread))
        {
            Timekeeping.AwaitRefill(cpu, thread->SchedContext);
        }
    }

    /// <summary>
    /// Whether a thread that can't run, for want of time, is to tell so: it could run but for that, and has not told of the end
    /// of this budget. Who has, and was answered without time, waits for the refill.
    /// </summary>
    public static bool TellsThatItHasNone(Thread* thread)
    {
        bool hasNone = Lending.HasNoTime(thread);
        ThreadFaults fault = hasNone ? ThreadFaults.NoTime : ThreadFaults.Timeout;
        return (thread->Faults & fault) != 0 && (hasNone || !Faults.HasToldOf(thread));
    }

    /// <summary>
    /// Whether a thread that can't run, for want of time, does not wait for it: it tells that it has none, or goes on with its
    /// own, whichever it is when its turn comes.
    /// </summary>
    public static bool HasItsTimeDue(Thread* thread) =>
        thread->Root != 0 && (TellsThatItHasNone(thread) || Lending.PrefersOwn(thread));

    /// <summary>Nobody waits for the refill meanwhile.</summary>
    public static void SeeToTimeInTurn(Cpu* cpu, Thread* thread)
    {
        Timekeeping.EndWait(cpu, thread->SchedContext);
        Faults.NoteTimeout(thread);
        ReadyQueues.Append(cpu, thread);
    }

    /// <summary>A passive thread waits for a context, one with none left for its refill.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayRun(Thread* thread) =>
        thread->Root != 0 && thread->SchedContext != null && thread->SchedContext->Remaining != 0;

    /// <summary>The current thread goes on later, before its equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Preempt(Cpu* cpu, Thread* current)
    {
        cpu->Current = null;
        current->State = ThreadState.Ready;
        AwaitTurn(cpu, current);
    }

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

    /// <summary>
    /// A thread that stands without time, or waits for it, begins to do so anew: whether that is to be told may have changed.
    /// </summary>
    public static void AskForTime(Cpu* cpu, Thread* thread)
    {
        bool stands = thread->State == ThreadState.Ready && (thread->Flags & ThreadFlags.Handed) == 0;
        if (!stands || MayRun(thread))
        {
            return;
        }
        Dequeue(cpu, thread);
        Faults.ForgetTimeout(thread);
        MakeReady(cpu, thread);
    }
}
