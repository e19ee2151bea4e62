namespace Skerry.Base.Sessions;

/// <summary>What writing to the log came to.</summary>
public enum LogResult : uint
{
    Ok = 0,

    /// <summary>
    /// The request did not reach the server, or was malformed; or the server's own did not reach its parent. What was not
    /// taken is not printed.
    /// </summary>
    CallFailed = 1,

    /// <summary>The console is behind: what was not taken may be written again later.</summary>
    Busy = 2,
}
