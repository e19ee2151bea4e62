using System.Runtime;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// Call and ReplyRecv where the server has time of its own: each side keeps its scheduling context, and the CPU charges the
/// one of who runs. The entry stub asks here when <see cref="Fastpath"/> declined; the regime is the same: without a lock,
/// an atomic instruction or a line that another CPU writes.
/// </summary>
/// <remarks>
/// Since nothing is lent, no mark of the Reply object vouches for the caller, and each of its conditions is asked. Who
/// runs next must be better than all who are ready, as it would come behind its equals. If its budget ends before the
/// timer comes, the slow path sets the timer.
/// </remarks>
internal static unsafe class ActiveServers
{
    private const ThreadFlags NoPlainReceiver = ThreadFlags.Debugged | ThreadFlags.FullFrame;

    /// <summary>Answers the server; null: the slow path, nothing has changed.</summary>
    /// <param name="address">Of the endpoint capability.</param>
    /// <param name="cpu">This CPU.</param>
    /// <param name="from">Its current thread.</param>
    /// <param name="now">The time-stamp counter.</param>
    [RuntimeExport(EntryPoints.ActiveServersCall)]
    private static Thread* Call(ulong address, Cpu* cpu, Thread* from, ulong now)
    {
        if (address >= from->CapabilityCount)
        {
            return null;
        }
        Capability* capability = from->Capabilities + address;
        ulong word = capability->Word;
        if ((word & Capability.EndpointWithSend) == 0)
        {
            return null;
        }
        ulong badge = capability->Badge;
        var endpoint = (Endpoint*)Capability.ObjectOf(word);
        if (endpoint->Word != (ulong)cpu)
        {
            return null;
        }
        if (Volatile.Read(ref *(ulong*)capability) != word)
        {
            return null;
        }
        Thread* to = endpoint->First;
        Reply* reply = to->Reply;
        if (reply == null)
        {
            return null;
        }
        if (to->Rank <= cpu->HighestReady)
        {
            return null;
        }
        if ((to->Flags & NoPlainReceiver) != 0)
        {
            return null;
        }
        SchedContext* context = to->SchedContext;
        if (context == null)
        {
            return null;
        }
        if (!Timekeeping.CanSwitch(cpu, context, now))
        {
            return null;
        }

        // Nothing can fail from here on.
        if (to->Next == null)
        {
            endpoint->Word++; // EndpointState.Idle
        }
        else
        {
            EndpointQueue.PassOn(endpoint, to);
        }
        Timekeeping.Switch(cpu, from, context, now);
        to->SchedContext = null;
        reply->Hold(from, null);
        from->AwaitedReply = reply;
        from->State = ThreadState.AwaitingReply;
        cpu->Current = to;
        cpu->FastMessages = cpu->FastMessages + 1;
        cpu->Badge = badge;
        return to;
    }

    /// <summary>Answers the caller; null: the slow path, nothing has changed.</summary>
    /// <param name="address">Of the endpoint capability to receive from.</param>
    /// <param name="cpu">This CPU.</param>
    /// <param name="self">Its current thread.</param>
    /// <param name="now">The time-stamp counter.</param>
    [RuntimeExport(EntryPoints.ActiveServersReplyRecv)]
    private static Thread* ReplyRecv(ulong address, Cpu* cpu, Thread* self, ulong now)
    {
        if (address >= self->CapabilityCount)
        {
            return null;
        }
        ulong word = self->Capabilities[address].Word;
        if ((word & Capability.EndpointWithReceive) == 0)
        {
            return null;
        }
        var endpoint = (Endpoint*)Capability.ObjectOf(word);
        if (endpoint->Word != (ulong)cpu + (ulong)EndpointState.Idle)
        {
            return null;
        }
        // A server on lent time gives it back when it receives, and a bit of its notification may end its Recv.
        if (cpu->Charged != self->OwnSchedContext)
        {
            return null;
        }
        if (self->BoundNotification != null)
        {
            return null;
        }
        Reply* reply = self->Reply;
        if (reply == null)
        {
            return null;
        }
        Thread* caller = reply->CallerOnOwnTime;
        if (caller == null)
        {
            return null;
        }
        if (caller->State != ThreadState.AwaitingReply)
        {
            return null;
        }
        if (caller->Cpu != cpu->Index)
        {
            return null;
        }
        if (caller->Rank <= cpu->HighestReady)
        {
            return null;
        }
        if ((caller->Flags & NoPlainReceiver) != 0)
        {
            return null;
        }
        SchedContext* context = caller->SchedContext;
        if (context == null)
        {
            return null;
        }
        if (!Timekeeping.CanSwitch(cpu, context, now))
        {
            return null;
        }

        // Nothing can fail from here on.
        Timekeeping.Switch(cpu, self, context, now);
        endpoint->Head = self;
        endpoint->Word = (ulong)cpu; // EndpointState.Receivers
        self->WaitingOn = endpoint;
        self->State = ThreadState.Receiving;
        caller->SchedContext = null;
        reply->Word = 0;
        cpu->Current = caller;
        cpu->FastMessages = cpu->FastMessages + 1;
        return caller;
    }
}
