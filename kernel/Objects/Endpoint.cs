using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skerry.Kernel.Objects;

/// <summary>
/// Where messages meet receivers. Only the CPU it belongs to reads or changes its queue, or the holder of the cluster
/// lock while that stands still. One cache line.
/// </summary>
/// <remarks>
/// <code>
///   63                              2 1    0
///  +---------------------------------+------+
///  | block of the CPU it belongs to  | state|   word
///  +---------------------------------+------+
/// </code>
/// The address of a CPU's block, taken as it is, says "receivers wait, and here": one comparison for the fastpath. Of an
/// idle or dead endpoint the queue's pointers mean nothing, and its tail means nothing while it has one thread.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct Endpoint
{
    [FieldOffset(0)]
    public ulong Word;

    [FieldOffset(8)]
    private Thread* _head;

    [FieldOffset(16)]
    private Thread* _tail;

    /// <summary>Endpoints of one group know each other's capabilities (MessageBuffer). Never used twice.</summary>
    [FieldOffset(24)]
    public ulong Group;

    /// <summary>Index in the cluster of the CPU it belongs to; receivers run there.</summary>
    [FieldOffset(32)]
    public uint Cpu;

    /// <summary>While a sweep over the waiting senders is under way (SenderSweep): the next one to look at, or null.</summary>
    [FieldOffset(40)]
    public Thread* SweepNext;

    [FieldOffset(48)]
    public ulong SweptBadge;

    /// <summary>Odd while a sweep is under way; grows by one with its begin and its end.</summary>
    [FieldOffset(56)]
    public uint Sweep;

    /// <summary>The sweep has begun, and nobody has been looked at.</summary>
    [FieldOffset(60)]
    public bool SweepStarts;

    public const int SizeBits = 6;

    private const ulong StateMask = 3;

    public EndpointState State
    {
        readonly get => (EndpointState)(Word & StateMask);
        set => Word = (Word & ~StateMask) | (ulong)value;
    }

    /// <summary>The thread that has waited longest, or null.</summary>
    public Thread* Head
    {
        readonly get => State is EndpointState.Receivers or EndpointState.Senders ? _head : null;
        set => _head = value;
    }

    /// <summary>The thread that came last, or null.</summary>
    public Thread* Tail
    {
        readonly get
        {
            Thread* head = Head;
            return head == null || head->Next == null ? head : _tail;
        }
        set => _tail = value;
    }

    /// <summary>The first of the queue, where it is known that there is one.</summary>
    public static Thread* FirstOf(Endpoint* endpoint) => endpoint->_head;

    /// <summary>A receiver comes where nobody waits, at an endpoint of this CPU.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFirst(Endpoint* endpoint, Kernel.Cpu* cpu, Thread* receiver)
    {
        endpoint->_head = receiver;
        endpoint->Word = (ulong)cpu; // EndpointState.Receivers
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Initialise(Kernel.Cpu* cpu, ulong group)
    {
        Word = (ulong)cpu | (ulong)EndpointState.Idle;
        Cpu = cpu->Index;
        Group = group;
    }
}

internal enum EndpointState : uint
{
    Receivers = 0,
    Idle = 1,
    Senders = 2,

    /// <summary>Its last capability is gone; its memory is not yet used again.</summary>
    Dead = 3,
}
