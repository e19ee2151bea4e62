namespace Skerry.Base.Startup;

/// <summary>What components that end tell their parent, beyond numbers of their own.</summary>
public static class ExitValue
{
    public const ulong Success = 0;

    /// <summary>
    /// A vcore's alone, and the only one of a vcore that is a success: every essential child of the instance has exited
    /// with 0. A program that knows of no children does not say so by chance.
    /// </summary>
    public const ulong ChildrenSucceeded = 0xffff_fffe_0000_0000;

    /// <summary>Exit values from here on are the component's failures at run time: this plus the FailureReason.</summary>
    public const ulong RuntimeFailure = 0xffff_ffff_0000_0000;
}
