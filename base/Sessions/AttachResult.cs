namespace Skerry.Base.Sessions;

/// <summary>What attaching came to.</summary>
public enum AttachResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the server, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>The account's RAM quota does not suffice.</summary>
    OutOfRam = 2,

    /// <summary>The account's capability quota does not suffice.</summary>
    OutOfCapabilities = 3,

    /// <summary>Something is attached there, or no gap is large enough.</summary>
    RegionConflict = 4,

    /// <summary>The capability designates no dataspace, or one that is gone.</summary>
    InvalidDataspace = 5,

    /// <summary>Misaligned, empty, or beyond the end of the dataspace or the region map.</summary>
    InvalidArgument = 6,
}
