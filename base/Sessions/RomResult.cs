namespace Skerry.Base.Sessions;

/// <summary>What asking for a ROM module came to.</summary>
public enum RomResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the server, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>The module is not there, or no longer.</summary>
    NoSuchModule = 2,
}
