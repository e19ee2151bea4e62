using System.Runtime.InteropServices;

namespace Skerry.Kernel.Objects;

/// <summary>Where messages meet receivers. Only the CPU it belongs to reads or changes its queue. One cache line.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct Endpoint
{
    [FieldOffset(0)]
    public Thread* Head;

    [FieldOffset(8)]
    public Thread* Tail;

    [FieldOffset(16)]
    public EndpointState State;

    /// <summary>Index in the cluster of the CPU it belongs to; receivers run there.</summary>
    [FieldOffset(20)]
    public uint Cpu;

    /// <summary>State and Cpu in one word, so that the fastpath compares both at once.</summary>
    [FieldOffset(16)]
    public ulong StateAndCpu;

    /// <summary>Endpoints of one group know each other's capabilities (MessageBuffer). Never used twice.</summary>
    [FieldOffset(24)]
    public ulong Group;

    public const int SizeBits = 6;
}

internal enum EndpointState : uint
{
    Idle = 0,
    Senders = 1,
    Receivers = 2,

    /// <summary>Its last capability is gone; its memory is not yet used again.</summary>
    Dead = 3,
}
