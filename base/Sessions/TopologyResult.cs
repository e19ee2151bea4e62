namespace Skerry.Base.Sessions;

/// <summary>What a question about the machine came to.</summary>
public enum TopologyResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the server, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>No such node, CPU or cluster in this view.</summary>
    OutOfRange = 2,
}
