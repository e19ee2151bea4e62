using Skerry.Abi;

namespace Skerry.Base.RegionMaps;

/// <summary>Which part of a dataspace to attach, where, and what may be done with it.</summary>
public struct AttachRequest
{
    /// <summary>Bytes into the dataspace; a multiple of the page size.</summary>
    public ulong Offset;

    /// <summary>Bytes, rounded up to pages; 0 for all from the offset on.</summary>
    public ulong Size;

    /// <summary>Use <see cref="Address"/>, or fail.</summary>
    public bool Fixed;
    public ulong Address;
    public FrameRights Rights;
}
