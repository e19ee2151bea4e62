using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Skerry.Kernel.Objects;

/// <summary>
/// A word of bits that wakes a waiter. Its CPU alone reads and changes it, except for the two last fields, through
/// which the cluster's other CPUs signal.
/// </summary>
/// <remarks>
/// <code>
///   63                              4  3   2   1   0
///  +---------------------------------+---+---+---+---+
///  | block of the CPU it belongs to  | S | W | B | P |   word
///  +---------------------------------+---+---+---+---+
/// </code>
/// S: there are bits; W: threads wait; B: it is bound to a thread; P: one thread waits alone, and has time, so that whoever
/// signals it asks nothing more. The address of a CPU's block, taken as it is, says "nothing is there and nobody concerned,
/// and here". If there are none, the bits and the queue's pointers mean nothing, and its tail means nothing while it has
/// one thread.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal unsafe struct Notification
{
    public const ulong IsPrepared = 1;
    private const ulong IsBound = 2;
    public const ulong HasWaiters = 4;
    public const ulong HasPrepared = HasWaiters | IsPrepared;
    public const ulong HasBits = 8;

    [FieldOffset(0)]
    public ulong Word;

    [FieldOffset(8)]
    private ulong _bits;

    [FieldOffset(16)]
    private Thread* _head;

    [FieldOffset(24)]
    private Thread* _tail;

    [FieldOffset(32)]
    private Thread* _boundThread;

    [FieldOffset(40)]
    public uint Cpu;

    /// <summary>Bits set by other CPUs and not yet taken over; atomic. On a line of its own.</summary>
    [FieldOffset(64)]
    public ulong RemoteBits;

    /// <summary>Link in the list of its CPU's remotely signalled notifications.</summary>
    [FieldOffset(72)]
    public Notification* RequestNext;

    public const int SizeBits = 7;

    public ulong Bits
    {
        readonly get => (Word & HasBits) != 0 ? _bits : 0;
        set
        {
            _bits = value;
            Word = value == 0 ? Word & ~HasBits : Word | HasBits;
        }
    }

    /// <summary>Where there are some.</summary>
    public readonly ulong PresentBits => _bits;

    /// <summary>The thread that has waited longest, or null.</summary>
    public Thread* Head
    {
        readonly get => (Word & HasWaiters) != 0 ? _head : null;
        set
        {
            _head = value;
            Word &= ~HasPrepared;
            Word |= value == null ? 0 : HasWaiters;
        }
    }

    /// <summary>The thread that came last, or null.</summary>
    public Thread* Tail
    {
        readonly get
        {
            Thread* head = Head;
            return head == null || head->Next == null ? head : _tail;
        }
        set
        {
            _tail = value;
            Unprepare();
        }
    }

    /// <summary>The first of the queue, where it is known that there is one.</summary>
    public readonly Thread* First => _head;

    /// <summary>Bits, where it is known that none are there and nobody is concerned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetFirst(ulong bits)
    {
        _bits = bits;
        Word += HasBits;
    }

    /// <summary>More bits, where it is known that some are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetMore(ulong bits) => _bits = _bits | bits;

    /// <summary>A thread that has time, where it is known that nobody waits and that it is bound to no thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddPrepared(Thread* thread)
    {
        _head = thread;
        Word += HasPrepared;
    }

    public void Unprepare() => Word &= ~IsPrepared;

    /// <summary>Takes the first out of the queue, where it is known that it is bound to no thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void RemoveFirst(Kernel.Cpu* cpu, Thread* first)
    {
        if (first->Next == null)
        {
            Word = (ulong)cpu;
            return;
        }
        // Volatile, so that the compiler does not keep it from the question whether there is another.
        var next = (Thread*)Volatile.Read(ref *(ulong*)&first->Next);
        _head = next;
        next->Previous = null;
        first->Next = null;
    }

    /// <summary>The thread whose Recv these bits also end, or null.</summary>
    public Thread* BoundThread
    {
        readonly get => _boundThread;
        set
        {
            _boundThread = value;
            Word = value == null ? Word & ~IsBound : Word | IsBound;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Initialise(Kernel.Cpu* cpu)
    {
        Word = (ulong)cpu;
        Cpu = cpu->Index;
    }
}
