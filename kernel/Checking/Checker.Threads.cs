using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Checking;

/// <summary>Threads, Reply objects and notifications: what they say of each other agrees.</summary>
internal static unsafe partial class Checker
{
    private static void CheckThread(Thread* thread)
    {
        bool fields =
            thread->Cpu < ClusterCpus.Count
            && thread->Rank <= ReadyQueues.Priorities
            // One that has no priority does nothing.
            && (thread->Rank != 0 || thread->State == ThreadState.Inactive)
            && (thread->Rank == 0 || thread->PriorityBit == 1ul << thread->Priority)
            && thread->State <= ThreadState.Faulted;
        if (!Require(fields, CheckedRule.ThreadFields, thread))
        {
            return;
        }
        Place place = ObjectTable.Of(thread).Place;
        CheckState(thread, place);
        bool queued = thread->Cpu < ClusterCpus.Count && ReadyQueues.Has(ClusterCpus.At(thread->Cpu), thread);
        bool handed = (thread->Flags & ThreadFlags.Handed) != 0;
        Require(
            queued == (place == Place.Ready) && handed == (place == Place.Request),
            CheckedRule.ThreadFlags,
            thread
        );
        Reply* reply = thread->Reply;
        Require(reply == null || (IsReply(reply) && reply->Owner == thread), CheckedRule.ThreadReply, thread);
        bool serves = IsServer(thread) && reply != null;
        int serverRank = serves && thread->Rank != 0 ? thread->Rank + 1 : 0;
        Require(
            thread->ServerReply == (serves ? reply : Reply.None) && thread->ServerRank == serverRank,
            CheckedRule.ThreadServerReply,
            thread
        );
        Reply* through = thread->BorrowedThrough;
        Require(
            through == null || (IsReply(through) && through->Borrower == thread),
            CheckedRule.ThreadBorrowedThrough,
            thread
        );
        Notification* bound = thread->BoundNotification;
        bool boundAgrees =
            bound == null || (ObjectTable.Has(bound, ObjectType.Notification) && bound->BoundThread == thread);
        Require(boundAgrees, CheckedRule.ThreadNotification, thread);
        SchedContext* context = thread->SchedContext;
        SchedContext* own = thread->OwnSchedContext;
        bool contexts =
            (context == null || (IsContext(context) && context->Holder == thread))
            && (own == null || (IsContext(own) && own->Owner == thread));
        Require(contexts, CheckedRule.ThreadContext, thread);
        Capability* control = &thread->ControlBinding;
        bool admitted = control->IsEmpty
            ? thread->Rank == 0
            : thread->Rank != 0
                && thread->Priority <= SchedulingControls.HighestPriority(control)
                && SchedulingControls.CpuOf(control)->Index == thread->Cpu;
        Require(admitted, CheckedRule.ThreadControl, thread);
    }

    private static bool IsServer(Thread* thread) =>
        thread->OwnSchedContext == null
        && thread->BoundNotification == null
        && (thread->Flags & ThreadFlags.Debugged) == 0;

    private static void CheckState(Thread* thread, Place place)
    {
        switch (thread->State)
        {
            case ThreadState.Running:
                Require(place == Place.Current, CheckedRule.RunningNotCurrent, thread);
                break;
            case ThreadState.Ready:
                SchedContext* context = thread->SchedContext;
                bool couldRun = thread->Root != 0 && context != null && IsContext(context) && context->Remaining != 0;
                Require(place is Place.Ready or Place.Request || !couldRun, CheckedRule.ReadyNotQueued, thread);
                break;
            case ThreadState.Sending:
                Require(place is Place.Endpoint or Place.Request, CheckedRule.WaitingNotQueued, thread);
                break;
            case ThreadState.Receiving:
                Require(place == Place.Endpoint, CheckedRule.WaitingNotQueued, thread);
                break;
            case ThreadState.Waiting:
                Require(place == Place.Notification, CheckedRule.WaitingNotQueued, thread);
                break;
            case ThreadState.AwaitingReply:
                Require(IsHeld(thread), CheckedRule.CallerNotHeld, thread);
                break;
            case ThreadState.Faulted:
                bool sends = (thread->Flags & ThreadFlags.SendsFault) != 0;
                bool kept = sends ? place == Place.Endpoint : thread->AwaitedReply == null || IsHeld(thread);
                Require(kept, CheckedRule.CallerNotHeld, thread);
                break;
            case ThreadState.Inactive:
                Require(place == Place.Nowhere, CheckedRule.InactiveQueued, thread);
                Require(thread->MadeAgain.IsStopped, CheckedRule.RevokeNote, thread);
                break;
        }
    }

    private static bool IsHeld(Thread* thread) =>
        IsReply(thread->AwaitedReply) && thread->AwaitedReply->Caller == thread;

    private static void CheckReply(Reply* reply)
    {
        bool live = IsThreadOrNone(reply->Caller) && IsThreadOrNone(reply->Owner) && IsThreadOrNone(reply->Borrower);
        if (!Require(live && reply->Cpu < ClusterCpus.Count, CheckedRule.ReplyThreads, reply))
        {
            return;
        }
        Thread* caller = reply->Caller;
        bool waits =
            caller == null
            || (caller->State is ThreadState.AwaitingReply or ThreadState.Faulted && caller->AwaitedReply == reply);
        Require(waits, CheckedRule.ReplyCaller, reply);
        Thread* owner = reply->Owner;
        bool owned = owner == null || (owner->Reply == reply && owner->Cpu == reply->Cpu);
        Require(owned, CheckedRule.ReplyOwner, reply);
        CheckMarks(reply);
        Thread* borrower = reply->Borrower;
        bool loan =
            borrower == null
            || (
                caller != null
                && caller->SchedContext == null
                && (borrower->SchedContext == null || borrower->SchedContext != borrower->OwnSchedContext)
                && Lending.LoanOf(borrower) == reply
            );
        Require(loan, CheckedRule.ReplyLoan, reply);
    }

    private static void CheckMarks(Reply* reply)
    {
        bool fault = reply->IsLentByFault;
        bool call = reply->Vouches && !fault;
        Thread* caller = reply->Caller;
        bool turn = !reply->CallersTurnIsOver || (caller != null && reply->Borrower != null && !call && !fault);
        Require(turn, CheckedRule.ReplyMarks, reply);
        if (!call && !fault)
        {
            return;
        }
        bool holds = caller != null && reply->Owner != null && caller->Cpu == reply->Cpu && reply->Vouches;
        bool isFull = holds && (caller->Flags & ThreadFlags.FullFrame) != 0;
        ThreadState state = call ? ThreadState.AwaitingReply : ThreadState.Faulted;
        // A debugged thread resumes by the short way only with its breakpoints loaded.
        bool isDebugged = holds && (caller->Flags & ThreadFlags.Debugged) != 0;
        bool loaded = !isDebugged || (fault && ClusterCpus.At(reply->Cpu)->DebugOwner == caller);
        Require(holds && caller->State == state && isFull == fault && loaded, CheckedRule.ReplyMarks, reply);
    }

    private static void CheckNotification(Notification* notification)
    {
        Thread* bound = notification->BoundThread;
        bool agrees = bound == null || (IsThread(bound) && bound->BoundNotification == notification);
        // Drawn in Notification: S, W, B and P, and the block of the CPU.
        const ulong prepared = 1;
        ulong marks = (notification->Head == null ? 0ul : 4) | (bound == null ? 0ul : 2);
        marks |= notification->Bits == 0 ? 0ul : 8;
        if ((notification->Word & prepared) != 0)
        {
            marks |= prepared;
            Require(IsPrepared(notification->Head), CheckedRule.NotificationPrepared, notification);
        }
        bool word =
            notification->Cpu < ClusterCpus.Count
            && notification->Word == ((ulong)ClusterCpus.At(notification->Cpu) | marks);
        Require(agrees && word, CheckedRule.NotificationThread, notification);
        bool listed = ObjectTable.Of(notification).Place == Place.Signals;
        Require(listed == (notification->RemoteBits != 0), CheckedRule.SignalList, notification);
    }

    private static bool IsPrepared(Thread* waiter) =>
        waiter != null
        && waiter->Next == null
        && IsContext(waiter->SchedContext)
        && waiter->SchedContext->Remaining != 0;
}
