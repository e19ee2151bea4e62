namespace Skerry.Base.Sessions;

/// <summary>What making or closing a session came to, as the service sees it.</summary>
public enum SessionResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the service, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>The service refuses this client or these arguments.</summary>
    Denied = 2,

    /// <summary>The donated RAM quota was too small.</summary>
    OutOfRam = 3,

    /// <summary>The donated capability quota was too small.</summary>
    OutOfCapabilities = 4,

    /// <summary>The capability designates no session of this service.</summary>
    UnknownSession = 5,
}
