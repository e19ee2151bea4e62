using System.Runtime;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// A Call to an endpoint of another CPU of the cluster, and the answer of a passive server to a caller there, with a message
/// in registers: what <see cref="Sending"/> and <see cref="Replying"/> do, in one piece. The message is in the thread object.
/// Each answers the thread to resume, or idles, and takes <see cref="SystemCalls.Enter"/> for whatever it declines, when nothing
/// has changed. The other side is <see cref="CrossArrivals"/>.
/// </summary>
/// <remarks>
/// A thread is handed over, and a context changes CPUs, under the cluster lock alone, as everywhere: so whoever holds it finds
/// either all of a call or nothing. It is not waited for here.
/// </remarks>
internal static unsafe class CrossCalls
{
    private const ThreadFlags OfSending = ThreadFlags.WantsReply | ThreadFlags.MayGrant | ThreadFlags.SendsFault;

    [RuntimeExport(EntryPoints.CrossCallsCall)]
    private static Thread* Call(Cpu* cpu)
    {
        Thread* sender = cpu->Current;
        ulong address = sender->Rdi;
        if (address >= sender->CapabilityCount)
        {
            return SystemCalls.Enter(cpu);
        }
        Capability* capability = sender->Capabilities + address;
        ulong word = Volatile.Read(ref *(ulong*)capability);
        var endpoint = (Endpoint*)Capability.ObjectOf(word);
        // The right first: without it there may be no endpoint.
        if ((word & Capability.EndpointWithSend) == 0 || endpoint->Cpu == cpu->Index || !TryLock())
        {
            return SystemCalls.Enter(cpu);
        }
        if (Volatile.Read(ref *(ulong*)capability) != word || !StopCharging(cpu))
        {
            ClusterLock.Release();
            return SystemCalls.Enter(cpu);
        }

        // Nothing can fail from here on.
        SchedContext* context = cpu->Charged;
        sender->SchedContext = context;
        context->Holder = sender;
        cpu->Charged = null;
        sender->SendBadge = capability->Badge;
        sender->State = ThreadState.Sending;
        sender->WaitingOn = endpoint;
        sender->Flags = (sender->Flags & ~OfSending) | ThreadFlags.WantsReply;
        return Leave(cpu, ClusterCpus.At(endpoint->Cpu), sender);
    }

    [RuntimeExport(EntryPoints.CrossCallsReplyRecv)]
    private static Thread* ReplyRecv(Cpu* cpu)
    {
        Thread* server = cpu->Current;
        Reply* reply = server->ServerReply;
        Thread* caller = reply->CallerOnOwnTime;
        ulong address = server->Rdi;
        if (
            (reply->Word & Reply.Marks) != Reply.Nobody
            || caller == null
            || caller->Cpu == cpu->Index
            || address >= server->CapabilityCount
            || !TryLock()
        )
        {
            return SystemCalls.Enter(cpu);
        }
        Endpoint* endpoint = FindIdle(cpu, server->Capabilities[address].Word);
        if (endpoint == null || !IsPlain(reply, server, caller) || !StopCharging(cpu))
        {
            ClusterLock.Release();
            return SystemCalls.Enter(cpu);
        }

        // Nothing can fail from here on. What was lent goes back over there.
        SchedContext* context = cpu->Charged;
        caller->SchedContext = context;
        context->Holder = caller;
        cpu->Charged = null;
        reply->Hold(null, null);
        MessageTransfer.MoveRegisters(server, caller, 0);
        caller->AwaitedReply = null;
        caller->State = ThreadState.Ready;
        Endpoint.SetFirst(endpoint, cpu, server);
        server->WaitingOn = endpoint;
        server->State = ThreadState.Receiving;
        return Leave(cpu, ClusterCpus.At(caller->Cpu), caller);
    }

    /// <summary>
    /// Whether another CPU has much to serve is read before the lock is had: who misses it hands over one thread more,
    /// as each CPU may (<see cref="Requests"/>).
    /// </summary>
    private static bool TryLock()
    {
        ReadPoint.Reached(ReadPlace.LockWanted);
        return Requests.Behind == null && ClusterLock.TryAcquire();
    }

    /// <summary>An endpoint of this CPU where nobody waits, or null.</summary>
    private static Endpoint* FindIdle(Cpu* cpu, ulong word)
    {
        var endpoint = (Endpoint*)Capability.ObjectOf(word);
        bool isIdle =
            (word & Capability.EndpointWithReceive) != 0 && endpoint->Word == (ulong)cpu + (ulong)EndpointState.Idle;
        return isIdle ? endpoint : null;
    }

    /// <summary>
    /// A caller that waits for the answer to its call, and has lent the server what that runs on, by this Reply object. A
    /// passive server without a loan of its own elsewhere runs on nothing else.
    /// </summary>
    private static bool IsPlain(Reply* reply, Thread* server, Thread* caller) =>
        reply->Borrower == server
        && server->BorrowedThrough == null
        && !reply->CallersTurnIsOver
        && caller->State == ThreadState.AwaitingReply;

    /// <summary>The slice that runs ends, and its context has time left.</summary>
    /// <returns>False if it has not: then nothing has changed.</returns>
    private static bool StopCharging(Cpu* cpu)
    {
        SchedContext* context = cpu->Charged;
        ulong used = Hardware.ReadTimeStampCounter() - cpu->ChargedSince;
        ulong remaining = context->Remaining;
        if (used >= remaining)
        {
            return false;
        }
        context->Consumed += used;
        context->Remaining = remaining - used;
        return true;
    }

    /// <summary>The thread is handed over, and the next one of this CPU runs.</summary>
    private static Thread* Leave(Cpu* cpu, Cpu* owner, Thread* thread)
    {
        cpu->Current = null;
        cpu->FastMessages = cpu->FastMessages + 1;
        Requests.Hand(cpu, owner, thread);
        ClusterLock.Release();
        if (cpu->HighestReady == 0)
        {
            Scheduler.GoIdle(cpu);
        }
        return Scheduler.SwitchToBest(cpu);
    }
}
