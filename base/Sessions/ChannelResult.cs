namespace Skerry.Base.Sessions;

/// <summary>What a request about a channel came to.</summary>
public enum ChannelResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the server, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>The other end is not there yet; its coming signals the session's notification.</summary>
    Pending = 2,

    /// <summary>The other end has gone. What it sent before can still be received.</summary>
    PeerClosed = 3,

    /// <summary>The server has no memory or no capability slots left.</summary>
    OutOfResources = 4,

    /// <summary>The kernel refused to show the other cluster's memory.</summary>
    Refused = 5,

    /// <summary>This end was opened before, or not yet; or no notification was given.</summary>
    Denied = 6,
}
