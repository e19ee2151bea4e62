namespace Skerry.Base.Configuration;

/// <summary>Which ends of a child its parent starts it again after.</summary>
public enum RestartCause : uint
{
    /// <summary>A fault that nobody answered, or a check of its own that failed.</summary>
    Crash = 0,

    /// <summary>A crash, or an exit with another value than 0.</summary>
    Failure = 1,

    /// <summary>Any.</summary>
    End = 2,
}
