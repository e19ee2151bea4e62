using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// Call, Send and NBSend off the fastpath. Start runs on the sender's CPU; Arrive on the endpoint's, which is another
/// one if the endpoint belongs there. Under the cluster lock.
/// </summary>
internal static unsafe class Sending
{
    public static Status Start(Cpu* cpu, Thread* sender, ulong slot, SystemCall call)
    {
        Capability* capability = Lookup.Slot(sender, slot);
        if (capability == null || capability->IsEmpty)
        {
            return Lookup.Refusal(sender, slot, capability);
        }
        if (capability->Type == ObjectType.Reply && call != SystemCall.Call)
        {
            return Replying.Answer(cpu, sender, (Reply*)capability->Object);
        }
        if (capability->Type != ObjectType.Endpoint)
        {
            return Lookup.Refusal(sender, slot, capability);
        }
        if ((capability->Rights & (byte)EndpointRights.Send) == 0)
        {
            return Status.MissingRight;
        }
        Status status = MessageTransfer.Check(sender, new MessageInfo(sender->Info));
        if (status != Status.Ok)
        {
            return status;
        }
        var endpoint = (Endpoint*)capability->Object;
        if (call == SystemCall.NBSend && endpoint->Cpu != cpu->Index)
        {
            return Status.WrongCpu;
        }
        if (call == SystemCall.NBSend && endpoint->State != EndpointState.Receivers)
        {
            return Status.WouldBlock;
        }
        cpu->Count(CpuCounter.SlowpathMessages);
        Block(cpu, sender, endpoint, capability, call);
        return Status.Ok;
    }

    private static void Block(Cpu* cpu, Thread* sender, Endpoint* endpoint, Capability* capability, SystemCall call)
    {
        sender->SendBadge = capability->Badge;
        sender->Flags &= ~(ThreadFlags.WantsReply | ThreadFlags.MayGrant | ThreadFlags.SendsFault);
        if (call == SystemCall.Call)
        {
            sender->Flags |= ThreadFlags.WantsReply;
        }
        if ((capability->Rights & (byte)EndpointRights.Grant) != 0)
        {
            sender->Flags |= ThreadFlags.MayGrant;
        }
        sender->State = ThreadState.Sending;
        sender->WaitingOn = endpoint;
        cpu->Current = null;
        if (endpoint->Cpu == cpu->Index)
        {
            Arrive(cpu, sender, endpoint);
        }
        else
        {
            if (sender->SchedContext != null)
            {
                // It may be lent to a server over there.
                Timekeeping.Leave(cpu, sender->SchedContext);
            }
            Requests.Hand(cpu, ClusterCpus.At(endpoint->Cpu), sender);
        }
    }

    /// <summary>A sender, or a faulter, is here and in no queue: a waiting receiver gets its message, or it waits.</summary>
    public static void Arrive(Cpu* cpu, Thread* sender, Endpoint* endpoint)
    {
        if (endpoint->State == EndpointState.Dead)
        {
            End(cpu, sender, Status.Cancelled);
        }
        else if (endpoint->State == EndpointState.Receivers)
        {
            Status refusal = Refusals.Of(sender, endpoint->Head, endpoint->Head->SchedContext != null);
            if (refusal != Status.Ok)
            {
                End(cpu, sender, refusal);
                return;
            }
            Deliver(cpu, sender, EndpointQueue.TakeFirst(endpoint), endpoint);
        }
        else
        {
            EndpointQueue.Append(endpoint, sender, EndpointState.Senders);
        }
    }

    /// <summary>
    /// Both are in no queue, and the receiver can take the sender (<see cref="Refusals.Of"/>). It becomes ready; the sender
    /// too, or it awaits the reply.
    /// </summary>
    public static void Deliver(Cpu* cpu, Thread* sender, Thread* receiver, Endpoint* endpoint)
    {
        bool isFault = (sender->Flags & ThreadFlags.SendsFault) != 0;
        bool wantsReply = Refusals.WantsReply(sender);
        if (isFault)
        {
            MessageTransfer.MoveFault(sender, receiver, sender->SendBadge);
        }
        else
        {
            bool mayGrant = (sender->Flags & ThreadFlags.MayGrant) != 0;
            MessageTransfer.Move(sender, receiver, endpoint, sender->SendBadge, mayGrant);
        }
        sender->Flags &= ~(ThreadFlags.WantsReply | ThreadFlags.MayGrant | ThreadFlags.SendsFault);
        if (wantsReply)
        {
            AwaitReply(sender, receiver, isFault);
        }
        else
        {
            End(cpu, sender, Status.Ok);
        }
        Readiness.MakeReady(cpu, receiver);
    }

    private static void AwaitReply(Thread* sender, Thread* receiver, bool isFault)
    {
        Reply* reply = receiver->Reply;
        reply->Hold(sender, null);
        sender->AwaitedReply = reply;
        sender->State = isFault ? ThreadState.Faulted : ThreadState.AwaitingReply;
        if (!isFault || !Refusals.TellsOfNoTime(sender))
        {
            Lending.Lend(sender, receiver, reply);
        }
        reply->Mark();
    }

    /// <summary>The sender's call is over, or its fault stays unanswered.</summary>
    public static void End(Cpu* cpu, Thread* sender, Status status)
    {
        sender->WaitingOn = null;
        if ((sender->Flags & ThreadFlags.SendsFault) != 0)
        {
            sender->Flags &= ~ThreadFlags.SendsFault;
            sender->State = ThreadState.Faulted;
            return;
        }
        MessageTransfer.Fail(sender, status);
        Threads.Wake(cpu, sender);
    }
}
