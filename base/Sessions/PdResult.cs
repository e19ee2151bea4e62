namespace Skerry.Base.Sessions;

/// <summary>What an operation on a PD came to.</summary>
public enum PdResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the server, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>No such slot, address or range.</summary>
    InvalidArgument = 2,

    /// <summary>The account's RAM quota does not suffice.</summary>
    OutOfRam = 3,

    /// <summary>The account's capability quota does not suffice.</summary>
    OutOfCapabilities = 4,
}
