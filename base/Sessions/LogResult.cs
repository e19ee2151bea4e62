namespace Skerry.Base.Sessions;

/// <summary>What writing to the log came to.</summary>
public enum LogResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the server, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>The console is behind: what was not taken may be written again later.</summary>
    Busy = 2,
}
