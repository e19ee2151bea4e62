using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// Scheduling contexts go along with calls: a passive server runs on its caller's, and so its work is charged to the
/// caller. The Reply object that holds the caller knows the borrower: as long as it does, the caller has no context, and
/// the borrower has the caller's or has lent it on.
/// </summary>
internal static unsafe class Lending
{
    public static void Give(SchedContext* context, Thread* thread)
    {
        thread->SchedContext = context;
        thread->ToldOf = null;
        context->Holder = thread;
    }

    /// <summary>For a call, one of whose sides has a context: the server gets the caller's if it has none.</summary>
    public static void Lend(Thread* caller, Thread* server, Reply* reply)
    {
        if (server->SchedContext == null)
        {
            Give(caller->SchedContext, server);
            caller->SchedContext = null;
            reply->Hold(caller, server);
        }
    }

    /// <summary>For a reply: what the caller lent comes back, wherever the answer comes from.</summary>
    public static void Return(Cpu* cpu, Reply* reply, Thread* caller)
    {
        Thread* borrower = reply->Borrower;
        ForgetLoan(reply);
        if (borrower == null || borrower->SchedContext == null)
        {
            // Nothing was lent, or the borrower has lent it on and gives it back when it has it again.
            return;
        }
        SchedContext* context = borrower->SchedContext;
        Readiness.Dequeue(cpu, borrower);
        borrower->SchedContext = null;
        TakeOwn(borrower);
        Pass(cpu, context, caller);
        if (borrower->State == ThreadState.Ready && (borrower->Flags & ThreadFlags.Handed) == 0)
        {
            Readiness.MakeReady(cpu, borrower);
        }
    }

    /// <summary>
    /// A thread that receives anew keeps no context that is not its own: its lender may want to run again. Under the cluster
    /// lock, since the lender may be another CPU's.
    /// </summary>
    public static void GiveBack(Cpu* cpu, Thread* thread)
    {
        ClusterLock.MustBeHeld();
        SchedContext* context = thread->SchedContext;
        if (context == null)
        {
            // Another CPU took it away while the thread waited for the lock. Who lent it gets nothing back, least of all what
            // the next one lends.
            ForgetLoanOf(thread);
            return;
        }
        if (context == thread->OwnSchedContext)
        {
            return;
        }
        Reply* reply = LoanOf(thread);
        Thread* lender = reply != null ? reply->Caller : EndOfLoans(cpu, context->Owner);
        if (reply != null)
        {
            ForgetLoan(reply);
        }
        thread->SchedContext = null;
        TakeOwn(thread);
        bool isFree =
            lender != null && lender->SchedContext == null && (reply != null || IsAtRest(cpu, lender, context));
        if (!isFree)
        {
            Timekeeping.Leave(cpu, context);
            context->Holder = null;
            return;
        }
        Pass(cpu, context, lender);
        if (lender->State == ThreadState.Ready && (lender->Flags & ThreadFlags.Handed) == 0)
        {
            if (lender->Cpu == cpu->Index)
            {
                // It may stand there to have told that it has no time.
                Readiness.Dequeue(cpu, lender);
            }
            Threads.Wake(cpu, lender);
        }
    }

    /// <summary>
    /// A thread without a context takes its own if nobody runs on that. What it has borrowed, and lent on or lost, is not
    /// waited for any more, so that its answer gives nobody its own.
    /// </summary>
    public static void TakeOwn(Thread* thread)
    {
        SchedContext* own = thread->OwnSchedContext;
        if (thread->SchedContext == null && own != null && own->Holder == null)
        {
            Give(own, thread);
            ForgetLoanOf(thread);
        }
    }

    /// <summary>
    /// Whether a thread can't run on what it has borrowed, as that is used up or is nothing any more, and has time of its own
    /// that nobody runs on, so that it goes on with that.
    /// </summary>
    public static bool PrefersOwn(Thread* thread)
    {
        SchedContext* own = thread->OwnSchedContext;
        SchedContext* borrowed = thread->SchedContext;
        bool isUseless = borrowed != null && borrowed != own && borrowed->Remaining == 0;
        return isUseless && own != null && own->Holder == null;
    }

    // Not inlined, so that a thread that is made ready without it pays nothing.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ForgetLoanOf(Thread* thread)
    {
        Reply* loan = LoanOf(thread);
        if (loan != null)
        {
            ForgetLoan(loan);
        }
    }

    /// <summary>A thread that was given time no longer waits for what it has lent or borrowed.</summary>
    public static void RunOnOwn(Thread* thread)
    {
        if (thread->SchedContext != null || thread->OwnSchedContext->Holder != null)
        {
            return;
        }
        TakeOwn(thread);
        if (AwaitsAnswer(thread))
        {
            ForgetLoan(thread->AwaitedReply);
        }
    }

    /// <summary>
    /// The thread has no context of its own any more. If it has lent it, it gets it back with the answer, and keeps it until it
    /// receives anew, as a server does that is made passive in the midst of a call.
    /// </summary>
    public static void Disown(Cpu* cpu, Thread* thread)
    {
        SchedContext* own = thread->OwnSchedContext;
        if (own == null)
        {
            return;
        }
        if (thread->SchedContext == own)
        {
            thread->SchedContext = null;
            Timekeeping.Leave(cpu, own);
            own->Holder = null;
        }
        own->Owner = null;
        thread->OwnSchedContext = null;
        thread->UpdateServerReply();
    }

    /// <summary>The Reply object through which the thread borrowed what it runs on, or null.</summary>
    public static Reply* LoanOf(Thread* thread)
    {
        Reply* reply = thread->BorrowedThrough != null ? thread->BorrowedThrough : thread->Reply;
        return reply != null && reply->Borrower == thread ? reply : null;
    }

    /// <summary>The caller will not get back what it lent from the borrower, which keeps it until it receives anew.</summary>
    public static void ForgetLoan(Reply* reply)
    {
        Thread* borrower = reply->Borrower;
        reply->ForgetBorrower();
        if (borrower != null && borrower->BorrowedThrough == reply)
        {
            borrower->BorrowedThrough = null;
        }
    }

    /// <summary>No time will come for a thread: it has no context, or one that was not configured or lost its control.</summary>
    public static bool HasNoTime(Thread* thread) => thread->SchedContext == null || thread->SchedContext->Budget == 0;

    /// <summary>Whether a thread that runs has a context still when it has given back what is not its own.</summary>
    public static bool HasTimeToReceive(Thread* thread)
    {
        SchedContext* own = thread->OwnSchedContext;
        return own != null && (thread->SchedContext == own || own->Holder == null);
    }

    /// <summary>Whether a thread waits for the answer to its call, or to its fault.</summary>
    public static bool AwaitsAnswer(Thread* thread) =>
        thread->State == ThreadState.AwaitingReply
            ? thread->AwaitedReply != null
            : thread->State == ThreadState.Faulted
                && (thread->Flags & ThreadFlags.SendsFault) == 0
                && thread->AwaitedReply != null;

    private static void Pass(Cpu* cpu, SchedContext* context, Thread* to)
    {
        if (to->Cpu != cpu->Index)
        {
            Timekeeping.Leave(cpu, context);
        }
        // Whoever had it may have waited for its refill.
        Timekeeping.EndWait(cpu, context);
        Give(context, to);
    }

    /// <summary>Loans that are followed from a context's owner, so that no chain of calls keeps interrupts waiting.</summary>
    private const int MostLoans = 64;

    /// <summary>Along the loans from a context's owner, on this CPU: whoever stands there without one.</summary>
    /// <returns>Null if it is too far: then nobody has it, and its owner takes it when he is answered.</returns>
    private static Thread* EndOfLoans(Cpu* cpu, Thread* owner)
    {
        Thread* thread = owner;
        for (int i = 0; i < MostLoans; i++)
        {
            bool hasLent =
                thread != null && thread->Cpu == cpu->Index && thread->SchedContext == null && AwaitsAnswer(thread);
            if (!hasLent || thread->AwaitedReply->Borrower == null)
            {
                return thread;
            }
            thread = thread->AwaitedReply->Borrower;
        }
        return null;
    }

    /// <summary>
    /// Nobody but the holder of the cluster lock does anything with it now. What a thread of another CPU says of itself may be
    /// old, as one that runs in user mode says nothing (<see cref="RunningThread"/>): it may run if it has other time of its
    /// own; and if it is about to tell that it has none, it takes its own before it does.
    /// </summary>
    private static bool IsAtRest(Cpu* cpu, Thread* thread, SchedContext* context)
    {
        if (thread->Cpu == cpu->Index || thread->State == ThreadState.Inactive)
        {
            return true;
        }
        bool hasOther = thread->OwnSchedContext != null && thread->OwnSchedContext != context;
        bool isTold = (thread->Flags & ThreadFlags.FaultDue) != 0;
        return thread->State == ThreadState.Ready && !hasOther && !isTold;
    }
}
