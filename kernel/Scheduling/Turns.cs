using Skerry.Kernel.Machine;
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
        if (cpu->HandedTo == holder)
        {
            cpu->HandedTo = null;
        }
        if (ReadyQueues.Has(cpu, holder))
        {
            // It was preempted, and stands before its equals.
            ReadyQueues.Remove(cpu, holder);
            if (context->Remaining != 0)
            {
                ReadyQueues.Append(cpu, holder);
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
    /// Of two equals the one, who goes behind all others, would have the other run before them. Whoever was handed the turn may
    /// hand it on, but no longer than the budgets of the first two: what they have they may configure anew as often as they like.
    /// </summary>
    /// <returns>Whether it may.</returns>
    public static bool HandOn(Cpu* cpu, Thread* from, Thread* to)
    {
        ulong now = Hardware.ReadTimeStampCounter();
        bool wasHanded = cpu->HandedTo == from;
        if (wasHanded && now >= cpu->HandingEnds)
        {
            cpu->HandedTo = null;
            return false;
        }
        if (!wasHanded)
        {
            cpu->HandingEnds = now + from->SchedContext->Budget + to->SchedContext->Budget;
        }
        cpu->HandedTo = to;
        return true;
    }

    /// <summary>The current thread was given another context: with that it begins behind its equals, as whoever was ready does.</summary>
    public static void BeginOther(Cpu* cpu, Thread* current)
    {
        if (cpu->HighestReady >= current->Rank)
        {
            Threads.TakeOff(cpu, current);
            Scheduler.MakeReady(cpu, current);
        }
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
        }
    }

    /// <summary>
    /// A caller whose turn was over has been answered, has what it lent, and was woken. It goes behind its equals, unless
    /// those are the server's as well, who went behind them already.
    /// </summary>
    public static void Unwind(Cpu* cpu, Thread* caller, uint serversRank)
    {
        PassOn(caller);
        if (serversRank != caller->Rank && ReadyQueues.Has(cpu, caller))
        {
            ReadyQueues.Remove(cpu, caller);
            ReadyQueues.Append(cpu, caller);
        }
    }
}
