using System.Runtime.InteropServices;
using Skerry.Kernel.Capabilities;

namespace Skerry.Kernel.Objects;

/// <summary>
/// An address space: its root page table in the first page, this in the second. Changes under the cluster lock.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 8192)]
internal unsafe struct AddressSpace
{
    [FieldOffset(0)]
    public ulong FirstEntry;

    /// <summary>The endpoints for faults (FaultTable.SlotFor). Null: such a thread stays stopped.</summary>
    [FieldOffset(4096)]
    public Capability* FaultTable;

    [FieldOffset(4104)]
    public uint FaultTableCount;

    /// <summary>Its number in <see cref="Memory.AddressSpaces"/>, by which mappings know it.</summary>
    [FieldOffset(4108)]
    public uint Identifier;

    /// <summary>Holds the table.</summary>
    [FieldOffset(4128)]
    public Capability FaultTableBinding;

    public const int SizeBits = 13;
}
