namespace Skerry.Base.Sessions;

/// <summary>What a question about counters came to.</summary>
public enum TraceResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the server, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>No such CPU in this session's affinity space.</summary>
    OutOfRange = 2,
}
