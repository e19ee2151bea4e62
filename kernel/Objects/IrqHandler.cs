using System.Runtime.InteropServices;
using Skerry.Kernel.Capabilities;

namespace Skerry.Kernel.Objects;

/// <summary>What a handler's interrupts come from.</summary>
internal enum IrqKind : byte
{
    /// <summary>Nothing: the vector is free.</summary>
    Free = 0,
    IoApic = 1,
    Message = 2,
}

/// <summary>
/// One device vector of one CPU, and what its interrupt means: one line. Every CPU has one for each device vector, made at
/// the start, so that an interrupt finds its own without a search. Changed under the cluster lock; read without by its
/// CPU's interrupt path, which changes <see cref="State"/> too.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct IrqHandler
{
    /// <summary>Holds the notification that is signalled. At offset 0: a binding's address is its handler's.</summary>
    [FieldOffset(0)]
    public Capability Binding;

    /// <summary>An IrqState; atomic.</summary>
    [FieldOffset(32)]
    public uint State;

    /// <summary>With the three fields behind it under the I/O APICs' lock, if the kind is or becomes IoApic.</summary>
    [FieldOffset(36)]
    public IrqKind Kind;

    /// <summary>InterruptFlags of the line.</summary>
    [FieldOffset(37)]
    public byte Flags;

    [FieldOffset(38)]
    public byte IoApic;

    [FieldOffset(39)]
    public byte Input;

    /// <summary>Where it stands, which never changes: the CPU's index in the cluster, and the vector.</summary>
    [FieldOffset(40)]
    public ushort Cpu;

    [FieldOffset(42)]
    public byte Vector;
}
