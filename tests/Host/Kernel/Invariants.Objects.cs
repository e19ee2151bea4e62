using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Objects;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Threads, Reply objects and scheduling contexts point to what lives, and what they say of each other agrees.</summary>
internal sealed unsafe partial class Invariants
{
    private void CheckThreads()
    {
        foreach (nint address in _threads)
        {
            var thread = (Thread*)address;
            bool queued = _queuedIn.TryGetValue(address, out string? queue);
            CheckState(thread, queued ? queue! : "");
            Require(thread->Reply == null || _replies.Contains((nint)thread->Reply), "a thread's Reply object is gone");
            Require(
                thread->Reply == null || !_replies.Contains((nint)thread->Reply) || thread->Reply->Owner == thread,
                "a thread's Reply object has another owner"
            );
            bool isDebugged = (thread->Flags & ThreadFlags.Debugged) != 0;
            bool isServer = thread->OwnSchedContext == null && thread->BoundNotification == null && !isDebugged;
            Reply* serves = isServer ? thread->Reply : null;
            Require(thread->ServerReply == serves, "what a thread serves through does not follow from the rest");
            Require(
                thread->BorrowedThrough == null
                    || (
                        _replies.Contains((nint)thread->BorrowedThrough) && thread->BorrowedThrough->Borrower == thread
                    ),
                "a thread borrowed through a Reply object that is gone, or does not know it"
            );
            Notification* bound = thread->BoundNotification;
            Require(
                bound == null || (_notifications.Contains((nint)bound) && bound->BoundThread == thread),
                "a thread's notification does not know it"
            );
            Require(
                thread->SchedContext == null || _contexts.Contains((nint)thread->SchedContext) || IsOperator(thread),
                "a thread runs on a context that is gone"
            );
            Require(
                thread->OwnSchedContext == null
                    || _contexts.Contains((nint)thread->OwnSchedContext)
                    || IsOperator(thread),
                "a thread's own context is gone"
            );
        }
    }

    private void CheckState(Thread* thread, string queue)
    {
        switch (thread->State)
        {
            case ThreadState.Running:
                Require(queue == "current", "a running thread is no CPU's current one");
                break;
            case ThreadState.Ready:
                bool couldRun =
                    thread->Root != 0 && thread->SchedContext != null && thread->SchedContext->Remaining != 0;
                Require(queue is "ready" or "request" || !couldRun, "a thread that could run is in no queue");
                break;
            case ThreadState.Sending:
                Require(queue is "endpoint" or "request", "a sender is in no queue");
                break;
            case ThreadState.Receiving:
                Require(queue == "endpoint", "a receiver is in no queue");
                break;
            case ThreadState.Waiting:
                Require(queue == "notification", "a waiter is in no queue");
                break;
            case ThreadState.AwaitingReply:
                Require(IsHeld(thread), "no Reply object holds a caller");
                break;
            case ThreadState.Faulted:
                bool sends = (thread->Flags & ThreadFlags.SendsFault) != 0;
                Require(
                    sends ? queue == "endpoint" : thread->AwaitedReply == null || IsHeld(thread),
                    "no Reply object holds a faulted thread"
                );
                break;
            case ThreadState.Inactive:
                Require(queue == "", "an inactive thread is in a queue");
                break;
        }
    }

    private bool IsHeld(Thread* thread) =>
        _replies.Contains((nint)thread->AwaitedReply) && thread->AwaitedReply->Caller == thread;

    private bool IsOperator(Thread* thread)
    {
        for (uint i = 0; i < _world.CpuCount; i++)
        {
            if (_world.Operator(i) == thread)
            {
                return true;
            }
        }
        return false;
    }

    private void CheckMarks(Reply* reply)
    {
        bool call = (reply->Word & Reply.LentByCall) != 0;
        bool fault = (reply->Word & Reply.LentByFault) != 0;
        Thread* caller = reply->Caller;
        bool holds = caller != null && reply->Owner != null && caller->Cpu == reply->Cpu && call != fault;
        bool isSo =
            holds
            && (
                call
                    ? caller->State == ThreadState.AwaitingReply && (caller->Flags & ThreadFlags.FullFrame) == 0
                    : caller->State == ThreadState.Faulted && (caller->Flags & ThreadFlags.FullFrame) != 0
            );
        Require((!call && !fault) || isSo, "a Reply object vouches for what is not so");
        bool isLoaded =
            caller == null
            || (caller->Flags & ThreadFlags.Debugged) == 0
            || (fault && !call && _world.Cpu(reply->Cpu)->DebugOwner == caller);
        Require((!call && !fault) || isLoaded, "a Reply object vouches for a debugged thread");
    }

    private void CheckReplies()
    {
        foreach (nint address in _replies)
        {
            var reply = (Reply*)address;
            bool live = IsThread(reply->Caller) && IsThread(reply->Owner) && IsThread(reply->Borrower);
            Require(live, "a Reply object names a thread that is gone");
            if (!live)
            {
                continue;
            }
            Thread* caller = reply->Caller;
            bool waits =
                caller == null
                || (caller->State is ThreadState.AwaitingReply or ThreadState.Faulted && caller->AwaitedReply == reply);
            Require(waits, "a Reply object's caller does not wait for it");
            Require(reply->Owner == null || reply->Owner->Reply == reply, "a Reply object's owner has another");
            Require(
                reply->Owner == null || reply->Owner->Cpu == reply->Cpu,
                "a Reply object belongs to another CPU than its owner"
            );
            CheckMarks(reply);
            Thread* borrower = reply->Borrower;
            if (borrower != null)
            {
                Require(caller != null && caller->SchedContext == null, "what was borrowed is with its lender");
                Require(
                    borrower->SchedContext == null || borrower->SchedContext != borrower->OwnSchedContext,
                    "a borrower runs on its own context"
                );
                Require(
                    borrower->Reply == reply || borrower->BorrowedThrough == reply,
                    "a borrower does not know through what it borrowed"
                );
            }
        }
    }
}
