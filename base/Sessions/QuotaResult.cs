namespace Skerry.Base.Sessions;

/// <summary>What a change of quotas came to.</summary>
public enum QuotaResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach the server, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>The paying account lacks the RAM.</summary>
    OutOfRam = 2,

    /// <summary>The paying account lacks the capabilities.</summary>
    OutOfCapabilities = 3,

    /// <summary>Transfers go only to or from the reference account.</summary>
    NotReferenceAccount = 4,

    /// <summary>The capability designates no PD session.</summary>
    InvalidAccount = 5,

    /// <summary>The reference account is set once.</summary>
    AlreadySet = 6,
}
