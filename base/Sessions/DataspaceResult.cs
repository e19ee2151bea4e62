namespace Skerry.Base.Sessions;

/// <summary>What an operation on a dataspace came to.</summary>
public enum DataspaceResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the server, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>The capability designates no dataspace, or one that is gone.</summary>
    InvalidDataspace = 2,

    /// <summary>Another PD allocated it.</summary>
    NotOwner = 3,

    /// <summary>It is going, but is attached in more places than one request detaches: ask again.</summary>
    NotYet = 4,
}
