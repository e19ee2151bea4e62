namespace Skerry.Base.Memory;

/// <summary>What taking resources out of an account came to.</summary>
public enum ChargeResult
{
    Ok = 0,
    OutOfRam = 1,
    OutOfCapabilities = 2,

    /// <summary>A transfer between accounts of which neither is the other's reference account.</summary>
    Denied = 3,
}
