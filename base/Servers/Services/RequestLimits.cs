using Skerry.Abi;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// How much one request does at most (docs/servers.md, rule 14). What takes longer is asked for again, and goes on; in
/// between others have their turn, on every CPU. Each of these is a few tens of thousands of instructions.
/// </summary>
internal static class RequestLimits
{
    /// <summary>Bytes that are zeroed.</summary>
    public const ulong ZeroedBytes = 64 * UserLayout.PageSize;

    /// <summary>Pages that are mapped one by one.</summary>
    public const ulong MappedPages = 64;

    /// <summary>Regions that are detached.</summary>
    public const int DetachedRegions = 16;

    /// <summary>Threads whose faults have waited, and that go on.</summary>
    public const uint ResumedFaults = 16;
}
