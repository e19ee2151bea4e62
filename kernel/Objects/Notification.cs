using System.Runtime.InteropServices;

namespace Skerry.Kernel.Objects;

/// <summary>
/// A word of bits that wakes a waiter. Its CPU alone reads and changes it, except for the two last fields, through
/// which the cluster's other CPUs signal.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal unsafe struct Notification
{
    [FieldOffset(0)]
    public ulong Bits;

    [FieldOffset(8)]
    public Thread* Head;

    [FieldOffset(16)]
    public Thread* Tail;

    /// <summary>The thread whose Recv these bits also end, or null.</summary>
    [FieldOffset(24)]
    public Thread* BoundThread;

    [FieldOffset(32)]
    public uint Cpu;

    /// <summary>Bits set by other CPUs and not yet taken over; atomic. On a line of its own.</summary>
    [FieldOffset(64)]
    public ulong RemoteBits;

    /// <summary>Link in the list of its CPU's remotely signalled notifications.</summary>
    [FieldOffset(72)]
    public Notification* RequestNext;

    public const int SizeBits = 7;
}
