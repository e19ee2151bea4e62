using System.Runtime.InteropServices;

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
/// concerned, and here".
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
    public Thread* Tail;

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

    public Thread* Head
    {
        readonly get => _head;
        set
        {
            _head = value;
            Word = value == null ? Word & ~HasWaiters : Word | HasWaiters;
        }
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

    public void Initialise(Kernel.Cpu* cpu)
    {
        Word = (ulong)cpu;
        Cpu = cpu->Index;
    }
}
