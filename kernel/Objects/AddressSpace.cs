using System.Runtime.InteropServices;
using Skerry.Kernel.Capabilities;

namespace Skerry.Kernel.Objects;

/// <summary>
/// An address space: in the first page the root, in the second the one that user mode runs on if there are mitigations
/// (PageTables.UserRootOffset; the kernel has one of its own then), this in the third. Changes under the cluster lock.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 16384)]
internal unsafe struct AddressSpace
{
    [FieldOffset(0)]
    public ulong FirstEntry;

    [FieldOffset(FaultsOffset)]
    private FaultTablePlace _faults;

    [FieldOffset(MappingOffset)]
    private AddressSpaceMapping _mapping;

    /// <summary>Holds the table.</summary>
    [FieldOffset(8224)]
    public Capability FaultTableBinding;

    public const int SizeBits = 14;

    private const int FaultsOffset = 8192;
    private const int MappingOffset = 8204;

    /// <summary>Its number in <see cref="Memory.AddressSpaces"/>, by which mappings know it.</summary>
    public uint Identifier
    {
        readonly get => _mapping.Identifier;
        set => _mapping.Identifier = value;
    }

    // Both by an offset, since the compiler looks at a structure's first word, another line, before it touches a field that
    // lies so far behind.

    /// <summary>The endpoints for faults, which Ipc/FaultTables alone reads and changes.</summary>
    public static FaultTablePlace* FaultsOf(AddressSpace* space) => (FaultTablePlace*)((byte*)space + FaultsOffset);

    /// <summary>What mapping a page reads.</summary>
    public static AddressSpaceMapping* MappingOf(AddressSpace* space) =>
        (AddressSpaceMapping*)((byte*)space + MappingOffset);
}

/// <summary>Without a table a thread that faults stays stopped.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal unsafe struct FaultTablePlace
{
    public Capability* Table;

    /// <summary>0: nobody looks at the table.</summary>
    public uint Count;
}

/// <summary>
/// On one line with the fault table. Besides the number, the 2 MiB that a page was mapped in last and their page table:
/// faults come in neighbourhoods, and this saves the walk.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal unsafe struct AddressSpaceMapping
{
    public uint Identifier;
    public ulong WalkedRegion;
    public ulong* WalkedTable;

    public const int RegionShift = 21;

    /// <summary>No address lies in it.</summary>
    private const ulong NoRegion = ulong.MaxValue;

    /// <summary>When any table leaves the address space.</summary>
    public void ForgetWalk() => WalkedRegion = NoRegion;
}
