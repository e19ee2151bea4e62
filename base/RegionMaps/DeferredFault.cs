using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// A thread that faulted where nothing could be mapped, until an attach covers the address, its handler or its map goes, or it
/// ends or faults anew. It fills a cell of records.
/// </summary>
public unsafe struct DeferredFault
{
    /// <summary>The map of the address space that faulted, whose account pays for this.</summary>
    public RegionMap* Space;

    /// <summary>
    /// Where nothing could be mapped: the innermost map that the fault reached. Null once somebody is about to resume it. The lock
    /// of that map's faults protects it, and the links there.
    /// </summary>
    public RegionMap* Map;

    /// <summary>The page, in the addresses of that map, and in the bits that are 0 in it what was tried.</summary>
    private ulong _where;

    /// <summary>Which thread, for whoever destroys it: the cookie its faults carry.</summary>
    public ulong Thread;

    /// <summary>Holds the thread.</summary>
    public HeldCaller* Faulter;

    /// <summary>The one behind it among those of the map.</summary>
    internal DeferredFault* Next;

    /// <summary>Among those of the address space, whose lock protects them.</summary>
    internal DeferredFault* NextOfSpace;
    internal DeferredFault* PreviousOfSpace;

    /// <summary>Where, in the addresses of the map: a multiple of the page size.</summary>
    public readonly ulong Address => _where & ~(UserLayout.PageSize - 1);

    public readonly FaultAccess Access => (FaultAccess)(_where & (UserLayout.PageSize - 1));

    public void SetPlace(ulong page, FaultAccess access) => _where = page | ((ulong)access & (UserLayout.PageSize - 1));
}
