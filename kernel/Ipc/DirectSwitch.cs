using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// The rendezvous of two threads of one CPU, one of which runs on the other's context: what a call and a fault have in
/// common, and what an answer to either has. All of it becomes part of its caller's code, once for every kind, so that no
/// kind asks which it is; the checks and the changes are apart, so that a path that is taken has no jump for one that is not.
/// </summary>
internal static unsafe class DirectSwitch
{
    /// <summary>
    /// A receiver that waits and is passive. The checks: type and right (one bit of the word), the endpoint is this CPU's and
    /// a receiver waits (one comparison), slot unchanged meanwhile, the receiver takes callers and has no context of its own
    /// (<see cref="Thread.ServerReply"/>), nobody better is ready.
    /// </summary>
    /// <returns>False: nothing has changed, and what is given out has no meaning.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FindReceiver(
        Capability* capability,
        Cpu* cpu,
        out Endpoint* endpoint,
        out Reply* reply,
        out Thread* to,
        out ulong badge
    )
    {
        ulong word = capability->Word;
        var queue = (Endpoint*)Capability.ObjectOf(word);
        endpoint = queue;
        reply = null;
        to = null;
        badge = 0;
        if ((word & Capability.EndpointWithSend) == 0)
        {
            return false;
        }
        badge = capability->Badge;
        if (queue->Word != (ulong)cpu)
        {
            return false;
        }
        if (Volatile.Read(ref *(ulong*)capability) != word)
        {
            return false;
        }
        to = queue->First;
        reply = to->ServerReply;
        if (reply == null)
        {
            return false;
        }
        return to->Rank >= cpu->HighestReady;
    }

    /// <summary>The receiver runs next, on the context of the one that sends; nothing can fail any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Lend<TLoan>(Cpu* cpu, Thread* from, Endpoint* endpoint, Reply* reply, Thread* to, ulong badge)
        where TLoan : struct, ILoan
    {
        if (to->Next == null)
        {
            endpoint->Word++; // EndpointState.Idle
        }
        else
        {
            EndpointQueue.PassOn(endpoint, to);
        }
        reply->Word = (ulong)from + TLoan.Mark;
        from->AwaitedReply = reply;
        from->State = TLoan.Waits;
        cpu->Current = to;
        TLoan.CountDelivery(cpu);
        cpu->Badge = badge;
    }

    /// <summary>
    /// Who lent the context that the answering thread runs on. The checks: slot, type and right, the endpoint is this CPU's
    /// and nobody waits there, the Reply object vouches for the lender (<see cref="ILoan.Mark"/>), nobody better is ready.
    /// </summary>
    /// <returns>False: what is given out has no meaning.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FindLender<TLoan>(
        ulong address,
        Cpu* cpu,
        Thread* self,
        out Endpoint* endpoint,
        out Reply* reply,
        out Thread* lender
    )
        where TLoan : struct, ILoan
    {
        endpoint = null;
        reply = null;
        lender = null;
        if (address >= self->CapabilityCount)
        {
            return false;
        }
        ulong word = self->Capabilities[address].Word;
        if ((word & Capability.EndpointWithReceive) == 0)
        {
            return false;
        }
        endpoint = (Endpoint*)Capability.ObjectOf(word);
        if (endpoint->Word != (ulong)cpu + (ulong)EndpointState.Idle)
        {
            return false;
        }
        reply = self->ServerReply;
        if (reply == null)
        {
            return false;
        }
        ulong held = reply->Word;
        if ((held & TLoan.Mark) == 0)
        {
            return false;
        }
        lender = (Thread*)(held - TLoan.Mark);
        return lender->Rank >= cpu->HighestReady;
    }

    /// <summary>The lender runs next, and the answering thread waits at the endpoint; nothing can fail any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GiveBack(Cpu* cpu, Thread* self, Endpoint* endpoint, Reply* reply, Thread* lender)
    {
        endpoint->Head = self;
        endpoint->Word = (ulong)cpu; // EndpointState.Receivers
        self->WaitingOn = endpoint;
        self->State = ThreadState.Receiving;
        reply->Word = 0;
        cpu->Current = lender;
    }
}
