using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// Scheduling contexts go along with calls: a passive server runs on its caller's, and so its work is charged to the
/// caller. The Reply object that holds the caller knows the borrower.
/// </summary>
internal static unsafe class Lending
{
    /// <summary>For a call: the server gets the caller's context if it has none. Answers whether it can run.</summary>
    public static bool Lend(Thread* caller, Thread* server, Reply* reply)
    {
        reply->Borrower = null;
        if (server->SchedContext != null)
        {
            return true;
        }
        if (caller->SchedContext == null)
        {
            return false;
        }
        server->SchedContext = caller->SchedContext;
        caller->SchedContext = null;
        reply->Borrower = server;
        return true;
    }

    /// <summary>For a reply: what the caller lent comes back, wherever the answer comes from.</summary>
    public static void Return(Cpu* cpu, Reply* reply, Thread* caller)
    {
        Thread* borrower = reply->Borrower;
        reply->Borrower = null;
        if (borrower == null || borrower->SchedContext == null || caller->SchedContext != null)
        {
            return;
        }
        SchedContext* context = borrower->SchedContext;
        if (borrower != cpu->Current)
        {
            Scheduler.Dequeue(cpu, borrower);
        }
        borrower->SchedContext = null;
        borrower->BorrowedThrough = null;
        caller->SchedContext = context;
        if (caller->Cpu != cpu->Index && cpu->Charged == context)
        {
            Timekeeping.Stop(cpu);
        }
    }

    /// <summary>A thread that receives anew keeps no context that is not its own: its lender may want to run again.</summary>
    public static void GiveBack(Cpu* cpu, Thread* thread)
    {
        SchedContext* context = thread->SchedContext;
        if (context == null || context == thread->OwnSchedContext)
        {
            return;
        }
        Reply* reply = thread->BorrowedThrough != null ? thread->BorrowedThrough : thread->Reply;
        bool lenderWaits = reply != null && reply->Borrower == thread && reply->Caller != null;
        Thread* lender = lenderWaits ? reply->Caller : context->Owner;
        thread->SchedContext = null;
        thread->BorrowedThrough = null;
        if (reply != null && reply->Borrower == thread)
        {
            reply->Borrower = null;
        }
        if (lender != null && lender->SchedContext == null)
        {
            lender->SchedContext = context;
        }
        if (lender != null && lender->Cpu != cpu->Index && cpu->Charged == context)
        {
            Timekeeping.Stop(cpu);
        }
    }

    /// <summary>Who runs on the context now: its owner, or the last of the servers it was lent along to; or null.</summary>
    public static Thread* HolderOf(SchedContext* context)
    {
        Thread* thread = context->Owner;
        while (thread != null && thread->SchedContext != context)
        {
            thread = HasLent(thread) ? thread->AwaitedReply->Borrower : null;
        }
        return thread;
    }

    /// <summary>A faulter that still stands in an endpoint's queue has lent nothing, and its link is that queue's.</summary>
    private static bool HasLent(Thread* thread)
    {
        bool faulted = thread->State == Abi.ThreadState.Faulted && (thread->Flags & ThreadFlags.SendsFault) == 0;
        return (faulted || thread->State == Abi.ThreadState.AwaitingReply) && thread->AwaitedReply != null;
    }
}
