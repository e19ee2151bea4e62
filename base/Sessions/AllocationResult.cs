namespace Skerry.Base.Sessions;

/// <summary>What an allocation came to.</summary>
public enum AllocationResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the server, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>The account's RAM quota does not suffice, or no such memory is left.</summary>
    OutOfRam = 2,

    /// <summary>The account's capability quota does not suffice.</summary>
    OutOfCapabilities = 3,

    /// <summary>This account may not allocate there.</summary>
    Denied = 4,

    /// <summary>A size of 0, an unknown node or CPU, an empty range.</summary>
    InvalidArgument = 5,

    /// <summary>Memory is being made ready. It is there when this has been asked for often enough, in the same words.</summary>
    NotYet = 6,
}
