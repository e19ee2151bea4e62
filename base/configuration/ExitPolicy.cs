namespace Skerry.Base.Configuration;

/// <summary>What a parent does when a child has exited.</summary>
public enum ExitPolicy : uint
{
    /// <summary>Report it and go on with the other children.</summary>
    Keep = 0,

    /// <summary>Exit with the child's value.</summary>
    Propagate = 1,
}
