namespace Skerry.Base.Sessions;

/// <summary>What an operation of TRACE came to.</summary>
public enum TraceResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the server, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>No such CPU in this session's affinity space.</summary>
    OutOfRange = 2,

    /// <summary>
    /// The capability designates no dataspace of RAM, or it is sealed, or its size or place does not do for a ring.
    /// </summary>
    InvalidDataspace = 3,

    /// <summary>Another PD allocated the dataspace.</summary>
    NotOwner = 4,

    /// <summary>The child's configuration does not allow traces.</summary>
    Denied = 5,

    /// <summary>The CPU is being traced already.</summary>
    Busy = 6,

    /// <summary>This session traces nothing there.</summary>
    NotTraced = 7,
}
