using System.Runtime;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>Whom to resume, in rax, and the badge it receives, in rdx; null: take the slow path, nothing has changed.</summary>
internal readonly unsafe struct FastpathResult(Thread* resume, ulong badge)
{
    public readonly Thread* Resume = resume;
    public readonly ulong Badge = badge;
}

/// <summary>
/// Call and ReplyRecv between threads of one CPU: the common case in one piece, without a lock, an atomic instruction or
/// a line that another CPU writes.
/// </summary>
/// <remarks>
/// The path, downwards: the system-call entry (boot/stubs/Kernel/SystemCallStubs) keeps the four message words in
/// registers and calls here; what is answered is resumed by the same stub with those words. A null answer goes to
/// <see cref="SystemCalls.Enter"/>.
/// The checks: length and no capabilities; slot, type and right; the endpoint is this CPU's and a receiver waits; the
/// receiver takes a caller, is passive, and nobody better is ready.
/// </remarks>
internal static unsafe class Fastpath
{
    private const ulong TypeAndRights = 0xf8;
    private const ulong Sendable = ((ulong)ObjectType.Endpoint << 3) | (ulong)EndpointRights.Send;
    private const ulong Receivable = ((ulong)ObjectType.Endpoint << 3) | (ulong)EndpointRights.Receive;

    [RuntimeExport("FastpathCall")]
    private static FastpathResult Call(ulong slot, ulong info, Cpu* cpu, Thread* from)
    {
        if (slot >= from->CapabilityCount || (info & MessageInfo.FastpathMask) > MessageLimits.RegisterWords)
        {
            return default;
        }
        Capability* capability = from->Capabilities + slot;
        ulong word = capability->Word;
        if (((word >> Capability.RightsShift) & (TypeAndRights | (ulong)EndpointRights.Send)) != Sendable)
        {
            return default;
        }
        ulong badge = capability->Data;
        var endpoint = (Endpoint*)Capability.ObjectOf(word);
        bool receiverWaits = endpoint->StateAndCpu == ((ulong)EndpointState.Receivers | ((ulong)cpu->Index << 32));
        if (!receiverWaits || Volatile.Read(ref *(ulong*)capability) != word)
        {
            return default;
        }
        Thread* to = endpoint->Head;
        Reply* reply = to->Reply;
        if (reply == null || to->SchedContext != null || to->Priority + 1u < cpu->HighestReady)
        {
            return default;
        }

        // Nothing can fail from here on.
        Thread* next = to->Next;
        endpoint->Head = next;
        if (next == null)
        {
            endpoint->Tail = null;
            endpoint->State = EndpointState.Idle;
        }
        else
        {
            next->Previous = null;
        }
        reply->Caller = from;
        reply->Borrower = to;
        SchedContext* context = from->SchedContext;
        to->SchedContext = context;
        context->Holder = to;
        to->State = ThreadState.Running;
        from->SchedContext = null;
        from->AwaitedReply = reply;
        from->State = ThreadState.AwaitingReply;
        cpu->Current = to;
        return new FastpathResult(to, badge);
    }

    [RuntimeExport("FastpathReplyRecv")]
    private static FastpathResult ReplyRecv(ulong slot, ulong info, Cpu* cpu, Thread* self)
    {
        if (slot >= self->CapabilityCount || (info & MessageInfo.FastpathMask) > MessageLimits.RegisterWords)
        {
            return default;
        }
        Capability* capability = self->Capabilities + slot;
        ulong word = capability->Word;
        if (((word >> Capability.RightsShift) & (TypeAndRights | (ulong)EndpointRights.Receive)) != Receivable)
        {
            return default;
        }
        var endpoint = (Endpoint*)Capability.ObjectOf(word);
        Reply* reply = self->Reply;
        if (
            reply == null
            || endpoint->Cpu != cpu->Index
            || (uint)endpoint->State % 2 != 0
            || self->BoundNotification != null
        )
        {
            return default;
        }
        Thread* caller = reply->Caller;
        bool canReturn =
            caller != null
            && caller->State == ThreadState.AwaitingReply
            && caller->Cpu == cpu->Index
            && caller->Flags == ThreadFlags.None
            && caller->Priority + 1u >= cpu->HighestReady
            && reply->Borrower == self
            && self->BorrowedThrough == null;
        if (!canReturn)
        {
            return default;
        }

        // Nothing can fail from here on.
        Thread* tail = endpoint->Tail;
        self->Next = null;
        self->Previous = tail;
        self->WaitingOn = endpoint;
        endpoint->Tail = self;
        if (tail == null)
        {
            endpoint->Head = self;
            endpoint->State = EndpointState.Receivers;
        }
        else
        {
            tail->Next = self;
        }
        reply->Caller = null;
        reply->Borrower = null;
        SchedContext* context = self->SchedContext;
        caller->SchedContext = context;
        context->Holder = caller;
        caller->AwaitedReply = null;
        caller->State = ThreadState.Running;
        self->SchedContext = null;
        self->State = ThreadState.Receiving;
        cpu->Current = caller;
        return new FastpathResult(caller, 0);
    }
}
