using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// A part of a dataspace that is one frame. Parts lie behind each other in the order of their list; most dataspaces have
/// one. Nothing of a part changes while its dataspace lives.
/// </summary>
public unsafe struct DataspacePart
{
    /// <summary>The capability that windows are derived from. Of a foreign dataspace: the other server's.</summary>
    public CapabilitySlot Slot;

    /// <summary>The memory it was made of; null if it was not made by this server.</summary>
    public UntypedBlock* Block;

    /// <summary>Where in the dataspace it begins; bytes.</summary>
    public ulong Offset;

    /// <summary>Bytes, a multiple of the page size.</summary>
    public ulong Size;

    public DataspacePart* Next;

    public readonly ulong End => Offset + Size;
}
