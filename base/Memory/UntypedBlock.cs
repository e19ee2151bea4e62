using Skerry.Base.Kernel;

namespace Skerry.Base.Memory;

/// <summary>
/// A power-of-two run of physical memory, aligned to its size, and the Untyped capability to it. Blocks form binary
/// trees: the halves of a split block are its children, and so are their capabilities.
/// </summary>
public unsafe struct UntypedBlock
{
    /// <summary>The block this is a half of; null for what the server was given.</summary>
    internal UntypedBlock* Parent;

    /// <summary>The other half of <see cref="Parent"/>.</summary>
    internal UntypedBlock* Buddy;

    /// <summary>Lower half, while split.</summary>
    internal UntypedBlock* Lower;
    internal UntypedBlock* NextFree;
    internal UntypedBlock* PreviousFree;

    /// <summary>The next of the roots; only roots have it.</summary>
    internal UntypedBlock* NextRoot;

    public CapabilitySlot Slot { get; internal set; }

    public ulong PhysicalBase { get; internal set; }

    /// <summary>log2 of its bytes.</summary>
    public int SizeBits { get; internal set; }

    internal BlockState State;

    /// <summary>Its owner was started with it, and is started again: it is kept for that (<see cref="KeptBlocks"/>).</summary>
    internal bool IsKept;

    public readonly ulong Bytes => 1ul << SizeBits;

    internal readonly bool Contains(ulong physical) => physical - PhysicalBase < Bytes;
}
