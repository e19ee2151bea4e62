using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// Equals take turns, whoever works for them: when a budget ends, the thread that runs on it goes behind its equals, and
/// so does each of those it works for when the answer comes (docs/decisions/0061).
/// </summary>
internal static unsafe class Turns
{
    /// <summary>
    /// The budget of what a CPU charges has ended, and may be there again. The CPU is this one or stands still. A thread that
    /// is about to lose this context, or to wait, has been taken off it or off the CPU before.
    /// </summary>
    public static void End(Cpu* cpu, SchedContext* context)
    {
        Thread* holder = context->Holder;
        if (holder == null || holder->SchedContext != context)
        {
            return;
        }
        if (ReadyQueues.Has(cpu, holder))
        {
            // It was preempted, and stands before its equals.
            ReadyQueues.Remove(cpu, holder);
            if (context->Remaining != 0)
            {
                ReadyQueues.Append(cpu, holder);
            }
            else if (Readiness.HasItsTimeDue(holder))
            {
                // Else it waits for the refill by now.
                Readiness.SeeToTimeInTurn(cpu, holder);
            }
        }
        else if (holder == cpu->Current && context->Remaining != 0)
        {
            GiveWay(cpu, holder);
        }
        PassOn(holder);
    }

    /// <summary>The current thread goes behind its equals. Nothing changes if nobody waits for the CPU but worse ones.</summary>
    public static void GiveWay(Cpu* cpu, Thread* current)
    {
        if (cpu->HighestReady < current->Rank)
        {
            return;
        }
        Threads.TakeOff(cpu, current);
        ReadyQueues.Append(cpu, current);
    }

    /// <summary>
    /// On the way out: the current thread, which has time, came to other time than what was charged, whoever gave or took it.
    /// With that a turn of its own begins, and so it begins behind its equals, if one of them is ready.
    /// </summary>
    /// <returns>Whether it is the current thread still, and its time runs.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool BeginOther(Cpu* cpu, Thread* current)
    {
        if (cpu->HighestReady != current->Rank)
        {
            Timekeeping.Start(cpu, current->SchedContext);
            return true;
        }
        Threads.TakeOff(cpu, current);
        ReadyQueues.Append(cpu, current);
        return false;
    }

    /// <summary>
    /// The turn is over for whom a thread works, too: its Reply object no longer vouches for the caller, so that the answer
    /// takes the slow path, and finds out. One step, whatever the number of calls between.
    /// </summary>
    private static void PassOn(Thread* borrower)
    {
        Reply* loan = Lending.LoanOf(borrower);
        if (loan != null && loan->Caller != null)
        {
            loan->Unmark();
            loan->CallersTurnIsOver = true;
            loan->BorrowerWentBehind = borrower->Rank == loan->Caller->Rank;
        }
    }

    /// <summary>
    /// A thread has another priority: behind whom it went is not whom its caller has before him. Who has borrowed nothing has no
    /// other context than its own.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ForgetPlace(Thread* thread)
    {
        if (thread->SchedContext != thread->OwnSchedContext)
        {
            ForgetBorrowersPlace(thread);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ForgetBorrowersPlace(Thread* thread)
    {
        Reply* loan = Lending.LoanOf(thread);
        if (loan != null)
        {
            loan->BorrowerWentBehind = false;
        }
    }

    /// <summary>
    /// A caller whose turn was over has been answered, has what it lent, and was woken. It goes behind its equals, unless
    /// those are the server's as well, who went behind them already.
    /// </summary>
    public static void Unwind(Cpu* cpu, Thread* caller, bool serverWentBehind)
    {
        PassOn(caller);
        if (!serverWentBehind && ReadyQueues.Has(cpu, caller))
        {
            ReadyQueues.Remove(cpu, caller);
            ReadyQueues.Append(cpu, caller);
        }
    }
}
