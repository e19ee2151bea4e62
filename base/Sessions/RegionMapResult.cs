namespace Skerry.Base.Sessions;

/// <summary>What an operation on a region map came to.</summary>
public enum RegionMapResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the server, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>Nothing is attached at that address.</summary>
    NotAttached = 2,

    /// <summary>The capability designates no region map of this session.</summary>
    InvalidRegionMap = 3,

    /// <summary>The account's RAM quota does not suffice.</summary>
    OutOfRam = 4,

    /// <summary>The account's capability quota does not suffice.</summary>
    OutOfCapabilities = 5,

    /// <summary>A size of 0 or one that no region map can have; a capability that did not arrive or is no notification.</summary>
    InvalidArgument = 6,

    /// <summary>It is going, but more is attached in it than one request detaches: ask again.</summary>
    NotYet = 7,
}
