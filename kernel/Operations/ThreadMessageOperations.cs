using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of threads: through what they receive. A thread's CPU stands still meanwhile.</summary>
internal static unsafe class ThreadMessageOperations
{
    public static Status SetReply(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        Status status = Lookup.Find(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            ObjectType.Reply,
            out Capability* capability
        );
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        var reply = (Reply*)capability->Object;
        if (reply->Owner != null && reply->Owner != thread)
        {
            return Status.InvalidState;
        }
        Cpu* home = ClusterCpus.At(thread->Cpu);
        Rendezvous.Hold(cpu, home);
        // The CPU of a Reply object that is bound gives it callers without the lock; one that is not bound gets none.
        status = reply->Caller == null ? Status.Ok : Status.InvalidState;
        if (status == Status.Ok)
        {
            Bind(thread, reply);
        }
        Rendezvous.Release(cpu, home);
        return status;
    }

    private static void Bind(Thread* thread, Reply* reply)
    {
        Reply* old = thread->Reply;
        if (old != null)
        {
            old->Unmark();
            old->Owner = null;
            if (old->Borrower == thread)
            {
                thread->BorrowedThrough = old;
            }
        }
        reply->Owner = thread;
        reply->Cpu = thread->Cpu;
        thread->Reply = reply;
        thread->UpdateServerReply();
    }

    public static Status BindNotification(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        Notification* notification = null;
        uint slot = arguments.Low(arguments.Word0);
        if (slot != 0)
        {
            Status status = Lookup.Find(
                arguments.Caller,
                slot,
                ObjectType.Notification,
                (byte)NotificationRights.Wait,
                out Capability* capability
            );
            if (status != Status.Ok)
            {
                return arguments.Refuse(status, 0);
            }
            notification = (Notification*)capability->Object;
            if (notification->Cpu != thread->Cpu)
            {
                return Status.WrongCpu;
            }
            if (notification->BoundThread != null)
            {
                return Status.InvalidState;
            }
        }
        Cpu* home = ClusterCpus.At(thread->Cpu);
        Rendezvous.Hold(cpu, home);
        if (thread->BoundNotification != null)
        {
            thread->BoundNotification->BoundThread = null;
        }
        thread->BoundNotification = notification;
        thread->UpdateServerReply();
        if (notification != null)
        {
            notification->BoundThread = thread;
            if (Notifications.HasBits(notification))
            {
                // It may be receiving already: the bits that are there have been signalled.
                Notifications.SignalLocal(home, notification, 0);
            }
        }
        Rendezvous.Release(cpu, home);
        return Status.Ok;
    }
}
