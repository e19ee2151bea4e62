namespace Skerry.Base.Sessions;

/// <summary>What an operation on a thread came to.</summary>
public enum ThreadResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the server, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>The account's RAM quota does not suffice.</summary>
    OutOfRam = 2,

    /// <summary>The account's capability quota does not suffice.</summary>
    OutOfCapabilities = 3,

    /// <summary>The capability designates no PD session of this server.</summary>
    InvalidPd = 4,

    /// <summary>The capability designates no thread of this session.</summary>
    InvalidThread = 5,

    /// <summary>An address outside user space, no memory at the message buffer's address, or a capability that did not arrive or is no notification.</summary>
    InvalidArgument = 6,

    /// <summary>A thread that runs can't be started; one that never ran can't be resumed.</summary>
    InvalidState = 7,

    /// <summary>This session may not do that.</summary>
    Denied = 8,
}
