namespace Skerry.Base.RegionMaps;

/// <summary>What an attach came to.</summary>
public enum AttachStatus : byte
{
    Ok = 0,
    OutOfRam = 1,
    OutOfCapabilities = 2,

    /// <summary>Other regions occupy the addresses, or no gap is large enough.</summary>
    RegionConflict = 3,

    /// <summary>No such dataspace, or one that holds this region map itself.</summary>
    InvalidDataspace = 4,

    /// <summary>Offset or size reach outside the dataspace or the region map, or are not multiples of the page size.</summary>
    OutOfBounds = 5,
}
