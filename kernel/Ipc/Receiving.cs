using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Ipc;

/// <summary>Recv and NBRecv, and the second half of ReplyRecv off the fastpath. Under the cluster lock.</summary>
internal static unsafe class Receiving
{
    public static Status Check(Cpu* cpu, Thread* receiver, ulong slot, out Endpoint* endpoint)
    {
        endpoint = null;
        Status status = Lookup.Find(
            receiver,
            slot,
            ObjectType.Endpoint,
            (byte)EndpointRights.Receive,
            out Capability* capability
        );
        if (status != Status.Ok)
        {
            return status;
        }
        endpoint = (Endpoint*)capability->Object;
        return endpoint->Cpu == cpu->Index ? Status.Ok : Status.WrongCpu;
    }

    public static Status Start(Cpu* cpu, Thread* receiver, ulong slot, bool mayWait)
    {
        Status status = Check(cpu, receiver, slot, out Endpoint* endpoint);
        if (status != Status.Ok)
        {
            return status;
        }
        if (receiver->Reply != null && receiver->Reply->Caller != null)
        {
            // Receiving would forget a caller that still waits: answer it, or bind another Reply object first.
            return Status.InvalidState;
        }
        if (!Refusals.Tell(cpu, receiver, endpoint))
        {
            return Threads.CallAgain(receiver);
        }
        if (!mayWait && endpoint->State != EndpointState.Senders && !CanTakeBits(receiver))
        {
            return Status.WouldBlock;
        }
        Wait(cpu, receiver, endpoint);
        return Status.Ok;
    }

    /// <summary>
    /// The thread runs now; it takes what is there, or waits. Those whom it can't take have been told before
    /// (<see cref="Refusals.Tell"/>).
    /// </summary>
    public static void Wait(Cpu* cpu, Thread* receiver, Endpoint* endpoint)
    {
        if (!Take(cpu, receiver, endpoint))
        {
            EndpointQueue.Append(endpoint, receiver, EndpointState.Receivers);
        }
    }

    /// <summary>
    /// There are some, and it has time that is its own or a waiting caller's. A passive thread that has just given its context
    /// back, or lost it while the call waited for the lock, or whose caller has gone, can take them when one lends it time again.
    /// </summary>
    private static bool CanTakeBits(Thread* receiver) =>
        Notifications.HasBits(receiver->BoundNotification)
        && receiver->SchedContext != null
        && (receiver->SchedContext == receiver->OwnSchedContext || Lending.LoanOf(receiver) != null);

    /// <returns>False if there is nothing for it; then it is in no queue.</returns>
    private static bool Take(Cpu* cpu, Thread* receiver, Endpoint* endpoint)
    {
        if (CanTakeBits(receiver))
        {
            Notifications.TakeAsMessage(receiver->BoundNotification, receiver);
            return true;
        }
        Lending.GiveBack(cpu, receiver);
        cpu->Current = null;
        receiver->State = ThreadState.Receiving;
        // Whom it can't take has been told before, so this is the first, or nobody.
        while (endpoint->State == EndpointState.Senders)
        {
            cpu->Count(CpuCounter.SlowpathMessages);
            Thread* sender = EndpointQueue.TakeFirst(endpoint);
            Status refusal = Refusals.Of(sender, receiver, receiver->SchedContext != null);
            if (refusal == Status.Ok)
            {
                Sending.Deliver(cpu, sender, receiver, endpoint);
                return true;
            }
            Sending.End(cpu, sender, refusal);
        }
        return false;
    }
}
