using System.Runtime;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// Call and ReplyRecv between threads of one CPU: the common case in one piece, without a lock, an atomic instruction or
/// a line that another CPU writes.
/// </summary>
/// <remarks>
/// The path, downwards: the system-call entry (kernel/Entry/SystemCallStubs) has checked that the message is four
/// words at most, which lie in registers that C# preserves, and calls here; what is answered is resumed by the same stub
/// with those words, and the badge that was left in <see cref="Cpu.Badge"/>. A null answer goes to <see cref="SystemCalls.Enter"/>.
/// The checks of a call: slot, type and right (one bit of the word), the endpoint is this CPU's and a receiver waits (one
/// comparison), slot unchanged meanwhile, the receiver takes callers and has no context of its own
/// (<see cref="Thread.ServerReply"/>), nobody better is ready. Of an answer: slot, type and right, the endpoint is this
/// CPU's, the Reply object vouches for the caller (<see cref="Reply.LentByCall"/>), nobody better is ready.
/// A longer message without capabilities takes the same path (<see cref="LongMessages"/>).
/// The context stays charged and so goes along by itself (<see cref="Scheduling.RunningThread"/>).
/// </remarks>
internal static unsafe class Fastpath
{
    [RuntimeExport(EntryPoints.FastpathCall)]
    public static Thread* Call(ulong address, Cpu* cpu, Thread* from)
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
        Reply* reply = to->ServerReply;
        if (reply == null)
        {
            return null;
        }
        if (to->Rank < cpu->HighestReady)
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
        reply->Word = (ulong)from + Reply.LentByCall;
        from->AwaitedReply = reply;
        from->State = ThreadState.AwaitingReply;
        cpu->Current = to;
        cpu->FastMessages = cpu->FastMessages + 1;
        cpu->Badge = badge;
        return to;
    }

    [RuntimeExport(EntryPoints.FastpathReplyRecv)]
    public static Thread* ReplyRecv(ulong address, Cpu* cpu, Thread* self)
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
        Reply* reply = self->ServerReply;
        if (reply == null)
        {
            return null;
        }
        ulong held = reply->Word;
        if ((held & Reply.LentByCall) == 0)
        {
            return null;
        }
        var caller = (Thread*)(held - Reply.LentByCall);
        if (caller->Rank < cpu->HighestReady)
        {
            return null;
        }

        // Nothing can fail from here on.
        endpoint->Head = self;
        endpoint->Word = (ulong)cpu; // EndpointState.Receivers
        self->WaitingOn = endpoint;
        self->State = ThreadState.Receiving;
        reply->Word = 0;
        cpu->Current = caller;
        cpu->FastMessages = cpu->FastMessages + 1;
        return caller;
    }
}
