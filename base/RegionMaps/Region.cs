using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// A piece of a dataspace at a range of addresses of a region map; of a frame, within one of its parts. State and tree
/// links are protected by the map's lock, the attachment links are of the structure (<see cref="MappingLibrary{TKernel}"/>).
/// </summary>
public unsafe struct Region
{
    public ulong Base;

    /// <summary>Bytes.</summary>
    public ulong Size;

    /// <summary>Where in the dataspace it begins; bytes.</summary>
    public ulong Offset;
    public FrameRights Rights;
    public RegionState State;

    /// <summary>It is the rest of another: it goes with that one, and is in no list of attachments.</summary>
    internal bool IsRest;

    /// <summary>The capability is in <see cref="Window"/>, since the first fault that it answered.</summary>
    internal bool HasWindow;

    /// <summary>
    /// Of a frame: the slot, kept from the start, of the capability whose window this region is where its map is that of an
    /// address space; null slot otherwise.
    /// </summary>
    internal CapabilitySlot Window;
    public Dataspace* Dataspace;
    public RegionMap* Map;

    internal Region* Left;
    internal Region* Right;

    /// <summary>What it hangs below in the tree; null for the root.</summary>
    internal Region* Parent;

    /// <summary>Of the subtree below this region, itself included: what a search passes over in one step.</summary>
    internal RegionSpan Span;

    /// <summary>Of a frame: the part of the dataspace that it lies in.</summary>
    internal DataspacePart* Part;

    /// <summary>What was attached with it and lies behind it, in the dataspace's next part; null for the last.</summary>
    internal Region* Rest;

    internal Region* NextAttachment;
    internal Region* PreviousAttachment;

    /// <summary>Windows of faults that were resolved through this region and others; see <see cref="PathWindow"/>.</summary>
    internal PathLink* Windows;

    public readonly ulong End => Base + Size;

    public readonly bool Contains(ulong address) => address - Base < Size;
}
