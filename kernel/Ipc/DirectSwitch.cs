using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Layout;
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
    /// The answer of a path that switches to nobody, nothing having changed. It is no thread, but can be asked for its root like
    /// one, and that is the root that is loaded: so a switch to another address space is one to a thread, and the stub asks
    /// only where the address space stays.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Thread* Declined(Cpu* cpu) => (Thread*)((ulong)cpu + CpuLayout.Declined);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsDeclined(Thread* answer) => ((ulong)answer & CpuLayout.Declined) != 0;

    /// <summary>
    /// A receiver that waits and is passive. The checks: type and right (one bit of the word), slot unchanged behind the badge, the endpoint
    /// is this CPU's and a receiver waits (one comparison), the receiver takes callers and has no context of its own,
    /// and nobody better is ready (one comparison, <see cref="Thread.ServerRank"/>).
    /// </summary>
    /// <returns>False: nothing has changed, and what is given out has no meaning.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FindReceiver(
        Capability* table,
        ulong offset,
        Cpu* cpu,
        out Endpoint* endpoint,
        out Reply* reply,
        out Thread* to,
        out ulong badge
    )
    {
        reply = null;
        to = null;
        if (!FindEndpoint(table, offset, cpu, out endpoint, out badge))
        {
            return false;
        }
        to = Endpoint.FirstOf(endpoint);
        reply = to->ServerReply;
        return to->ServerRank > cpu->HighestReadyByte;
    }

    /// <summary>Type and right, the slot unchanged behind the badge, and a receiver waits at an endpoint of this CPU.</summary>
    /// <param name="table">The slots.</param>
    /// <param name="offset">Of the capability's, in bytes.</param>
    /// <param name="cpu">This CPU.</param>
    /// <param name="endpoint">Where it waits.</param>
    /// <param name="badge">Of the capability.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FindEndpoint(Capability* table, ulong offset, Cpu* cpu, out Endpoint* endpoint, out ulong badge)
    {
        // Each access adds table and offset anew, so that the table's register is free when the receiver, the answer, is read.
        ulong word = Volatile.Read(ref *(ulong*)((byte*)table + offset));
        endpoint = null;
        badge = 0;
        if ((word & Capability.EndpointWithSend) == 0)
        {
            return false;
        }
        badge = Volatile.Read(ref *(ulong*)((byte*)table + offset + sizeof(ulong)));
        if (Volatile.Read(ref *(ulong*)((byte*)table + offset)) != word)
        {
            return false;
        }
        endpoint = (Endpoint*)Capability.ObjectOf(word);
        return Volatile.Read(ref endpoint->Word) == (ulong)cpu;
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
        lender = null;
        // Volatile, so that it lies in a register before the Reply object does, and the lender where it is to be answered.
        uint count = Volatile.Read(ref self->CapabilityCount);
        reply = self->ServerReply;
        if (address >= count)
        {
            return false;
        }
        ulong held = reply->Word;
        if ((held & TLoan.Marks) != TLoan.Mark)
        {
            return false;
        }
        lender = (Thread*)(held - TLoan.Mark);
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
        return lender->Rank >= cpu->HighestReadyByte;
    }

    /// <summary>The lender runs next, and the answering thread waits at the endpoint; nothing can fail any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GiveBack(Cpu* cpu, Thread* self, Endpoint* endpoint, Reply* reply, Thread* lender)
    {
        Endpoint.SetFirst(endpoint, cpu, self);
        self->WaitingOn = endpoint;
        self->State = ThreadState.Receiving;
        reply->Word = Reply.Nobody;
        cpu->Current = lender;
    }
}
