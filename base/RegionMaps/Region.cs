using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// A part of a dataspace at a range of addresses of a region map. State and tree links are protected by the map's lock,
/// the attachment links by the library's structure lock.
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
    public Dataspace* Dataspace;
    public RegionMap* Map;

    /// <summary>
    /// In the map of an address space, of a frame: the capability whose window this region is; null slot otherwise.
    /// </summary>
    public CapabilitySlot Window;

    internal Region* Left;
    internal Region* Right;

    /// <summary>Heap order of the tree; random, so that the tree is balanced whatever the order of attachments.</summary>
    internal uint TreePriority;

    internal Region* NextAttachment;
    internal Region* PreviousAttachment;

    /// <summary>Windows of faults that were resolved through this region and others; see <see cref="PathWindow"/>.</summary>
    internal PathLink* Windows;

    public readonly ulong End => Base + Size;

    public readonly bool Contains(ulong address) => address - Base < Size;
}
