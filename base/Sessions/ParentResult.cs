namespace Skerry.Base.Sessions;

/// <summary>What a request to the parent came to.</summary>
public enum ParentResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the parent, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>No route leads to such a service, or the service refused.</summary>
    Denied = 2,

    /// <summary>The donated RAM quota was too small, or the child does not have it.</summary>
    OutOfRam = 3,

    /// <summary>The donated capability quota was too small, or the child does not have it.</summary>
    OutOfCapabilities = 4,

    /// <summary>The session is none of this child's.</summary>
    UnknownSession = 5,

    /// <summary>The service is not there yet; ask again after the next signal.</summary>
    Pending = 6,
}
