namespace Skerry.Base.Sessions;

/// <summary>What asking core for the memory behind a foreign dataspace came to.</summary>
public enum ResolveResult : uint
{
    Ok = 0,

    /// <summary>The request did not reach core, or was malformed.</summary>
    CallFailed = 1,

    /// <summary>The capability designates no dataspace of core's, or one that is gone.</summary>
    InvalidDataspace = 2,

    /// <summary>The dataspace ends before that offset.</summary>
    OutOfBounds = 3,

    /// <summary>The dataspace does not allow this access.</summary>
    Violation = 4,

    /// <summary>A managed dataspace has nothing there yet; the handler of its region map is not told.</summary>
    NotPopulated = 5,
}
