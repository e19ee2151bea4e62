namespace Skerry.Base.RegionMaps;

/// <summary>What the resolution of a page fault came to.</summary>
public enum FaultOutcome : byte
{
    /// <summary>A page of this server's own memory is to be mapped.</summary>
    Resolved = 0,

    /// <summary>The page is another server's: ask it for a capability.</summary>
    NeedsForward = 1,

    /// <summary>The region is being detached: let the thread try again.</summary>
    Retry = 2,

    /// <summary>Nothing is attached there.</summary>
    NoRegion = 3,

    /// <summary>A write to a region that cannot be written.</summary>
    WriteViolation = 4,

    /// <summary>An instruction fetch from a region that cannot be executed.</summary>
    ExecuteViolation = 5,

    /// <summary>More than <see cref="FaultPath.MaximumLength"/> region maps inside each other.</summary>
    RecursionLimit = 6,

    /// <summary>The domain's account can't pay for what it takes to map it, or the server has no slot left for that.</summary>
    OutOfResources = 7,

    /// <summary>The server of a foreign dataspace does not know it any more.</summary>
    ForeignFailed = 8,

    /// <summary>
    /// The page is there for the thread, but it was not user mode that wanted it (a descriptor table in memory of its own),
    /// or the entry is broken: mapping it again would bring the same fault for ever.
    /// </summary>
    NotOfUserMode = 9,

    /// <summary>The server of a foreign dataspace, a managed one, has nothing there.</summary>
    ForeignEmpty = 10,
}
