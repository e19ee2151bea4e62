using System.Runtime;
using System.Runtime.CompilerServices;
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

    /// <param name="address">Of the endpoint capability.</param>
    /// <param name="cpu">This CPU.</param>
    /// <param name="from">Its current thread.</param>
    /// <param name="now">The time-stamp counter.</param>
    /// <returns>The server, or that it declines: the slow path, nothing has changed.</returns>
    [RuntimeExport(EntryPoints.ActiveServersCall)]
    private static Thread* Call(ulong address, Cpu* cpu, Thread* from, ulong now)
    {
        if (
            address >= from->CapabilityCount
            || !FindReceiver(
                (Capability*)Volatile.Read(ref *(ulong*)&from->Capabilities),
                address << Capability.SizeBits,
                cpu,
                now,
                out Endpoint* endpoint,
                out Thread* to,
                out SchedContext* context,
                out ulong badge
            )
        )
        {
            return DirectSwitch.Declined(cpu);
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
        Reply* reply = to->Reply;
        reply->Hold(from, null);
        from->AwaitedReply = reply;
        from->State = ThreadState.AwaitingReply;
        cpu->Current = to;
        cpu->FastMessages = cpu->FastMessages + 1;
        cpu->Badge = badge;
        return to;
    }

    /// <summary>A receiver that waits, on time of its own, and would run at once. Slots are read as for <see cref="Fastpath"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool FindReceiver(
        Capability* table,
        ulong offset,
        Cpu* cpu,
        ulong now,
        out Endpoint* endpoint,
        out Thread* to,
        out SchedContext* context,
        out ulong badge
    )
    {
        to = null;
        context = null;
        if (!DirectSwitch.FindEndpoint(table, offset, cpu, out endpoint, out badge))
        {
            return false;
        }
        to = Endpoint.FirstOf(endpoint);
        if (to->Reply == null)
        {
            return false;
        }
        if (!IsNext(cpu, to, now, out context))
        {
            return false;
        }
        return true;
    }

    /// <summary>The thread is better than all who are ready, keeps no full frame, and its context's time can run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNext(Cpu* cpu, Thread* thread, ulong now, out SchedContext* context)
    {
        context = null;
        if (thread->Rank <= cpu->HighestReadyByte)
        {
            return false;
        }
        if ((thread->Flags & NoPlainReceiver) != 0)
        {
            return false;
        }
        context = thread->SchedContext;
        if (context == null)
        {
            return false;
        }
        if (!Timekeeping.CanSwitch(cpu, context, now))
        {
            return false;
        }
        return true;
    }

    /// <param name="address">Of the endpoint capability to receive from.</param>
    /// <param name="cpu">This CPU.</param>
    /// <param name="self">Its current thread.</param>
    /// <param name="now">The time-stamp counter.</param>
    /// <returns>The caller, or that it declines: the slow path, nothing has changed.</returns>
    [RuntimeExport(EntryPoints.ActiveServersReplyRecv)]
    private static Thread* ReplyRecv(ulong address, Cpu* cpu, Thread* self, ulong now)
    {
        if (
            address >= self->CapabilityCount
            || !FindCaller(
                self->Capabilities[address].Word,
                cpu,
                self,
                now,
                out Endpoint* endpoint,
                out Reply* reply,
                out Thread* caller,
                out SchedContext* context
            )
        )
        {
            return DirectSwitch.Declined(cpu);
        }

        // Nothing can fail from here on.
        Timekeeping.Switch(cpu, self, context, now);
        Endpoint.SetFirst(endpoint, cpu, self);
        self->WaitingOn = endpoint;
        self->State = ThreadState.Receiving;
        caller->SchedContext = null;
        reply->Word = Reply.Nobody;
        cpu->Current = caller;
        cpu->FastMessages = cpu->FastMessages + 1;
        return caller;
    }

    /// <summary>A caller of this CPU that has lent nothing and would run at once, while nobody else waits at the endpoint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool FindCaller(
        ulong word,
        Cpu* cpu,
        Thread* self,
        ulong now,
        out Endpoint* endpoint,
        out Reply* reply,
        out Thread* caller,
        out SchedContext* context
    )
    {
        endpoint = null;
        reply = null;
        caller = null;
        context = null;
        if ((word & Capability.EndpointWithReceive) == 0)
        {
            return false;
        }
        endpoint = (Endpoint*)Capability.ObjectOf(word);
        if (endpoint->Word != (ulong)cpu + (ulong)EndpointState.Idle)
        {
            return false;
        }
        // A server on lent time gives it back when it receives, and a bit of its notification may end its Recv.
        if (cpu->Charged != self->OwnSchedContext)
        {
            return false;
        }
        if (self->BoundNotification != null)
        {
            return false;
        }
        reply = self->Reply;
        if (reply == null)
        {
            return false;
        }
        if (reply->HasLoan)
        {
            return false;
        }
        caller = reply->CallerOnOwnTime;
        if (caller == null)
        {
            return false;
        }
        if (caller->State != ThreadState.AwaitingReply)
        {
            return false;
        }
        if (caller->Cpu != cpu->Index)
        {
            return false;
        }
        if (!IsNext(cpu, caller, now, out context))
        {
            return false;
        }
        return true;
    }
}
