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
///   63                              2  1   0
///  +---------------------------------+---+---+
///  | block of the CPU it belongs to  | B | W |   word
///  +---------------------------------+---+---+
/// </code>
/// W: threads wait; B: it is bound to a thread. The address of a CPU's block, taken as it is, says "nobody but the bits is
/// concerned, and here". If nobody waits the queue's pointers mean nothing, and its tail means nothing while it has one
/// thread.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal unsafe struct Notification
{
    public const ulong HasWaiters = 1;
    private const ulong IsBound = 2;

    [FieldOffset(0)]
    public ulong Word;

    [FieldOffset(8)]
    public ulong Bits;

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

    /// <summary>The thread that has waited longest, or null.</summary>
    public Thread* Head
    {
        readonly get => (Word & HasWaiters) != 0 ? _head : null;
        set
        {
            _head = value;
            Word = value == null ? Word & ~HasWaiters : Word | HasWaiters;
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
        set => _tail = value;
    }

    /// <summary>The first of the queue, where it is known that there is one.</summary>
    public readonly Thread* First => _head;

    /// <summary>Where it is known that nobody waits and that it is bound to no thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddFirst(Thread* thread)
    {
        _head = thread;
        Word += HasWaiters;
    }

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
