namespace Skerry.Base.Startup;

/// <summary>What components that end tell their parent, beyond numbers of their own.</summary>
public static class ExitValue
{
    public const ulong Success = 0;

    /// <summary>Exit values from here on are the component's failures at run time: this plus the FailureReason.</summary>
    public const ulong RuntimeFailure = 0xffff_ffff_0000_0000;
}
