using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// The page-fault handling of core and vcores: dataspaces, region maps, and what a fault in them means. One per server.
/// </summary>
/// <remarks>
/// Locks, in the order they are taken: structure (attach, detach, freeing: who attaches whom, and that everything named
/// in a region exists), then the locks of maps from the outside in, then those of windows or of deferred faults. A fault takes no structure
/// lock: a map on its path cannot go while the lock of the map around it is held.
/// </remarks>
public unsafe partial struct MappingLibrary<TKernel>
    where TKernel : unmanaged, IMappingKernel
{
    private const ulong PageMask = UserLayout.PageSize - 1;

    /// <summary>What a region costs the account of its map: one for each part of the dataspace.</summary>
    public static Resources RegionCost => new(0, 1);

    /// <summary>What a dataspace costs beyond its memory, for each of its parts.</summary>
    public static Resources DataspaceCost => new(0, 1);

    private TKernel _kernel;
    private SlotPool* _slots;
    private UntypedAllocator<TKernel>* _memory;
    private HazardSlots _hazards;
    private ExclusiveLock _structure;
    private ExclusiveLock _windows;

    /// <summary>Protects the list of deferred faults; taken inside the locks of maps.</summary>
    private ExclusiveLock _deferring;
    private DeferredFault* _deferred;
    private ulong _visit;

    /// <summary>Of the sequence that balances the trees; protected by the structure lock.</summary>
    private uint _random;

    private Slab<Dataspace> _dataspaces;
    private Slab<DataspacePart> _parts;
    private Slab<Region> _regions;
    private Slab<RegionMap> _maps;
    private Slab<PathWindow> _pathWindows;
    private Slab<DeferredFault> _deferredFaults;

    public void Initialise(
        TKernel kernel,
        ServerMemory* serverMemory,
        SlotPool* slots,
        UntypedAllocator<TKernel>* memory
    )
    {
        _kernel = kernel;
        _slots = slots;
        _memory = memory;
        _random = 0x9e37_79b9;
        _hazards.Initialise(slots);
        _dataspaces = new Slab<Dataspace>(serverMemory);
        _parts = new Slab<DataspacePart>(serverMemory);
        _regions = new Slab<Region>(serverMemory);
        _maps = new Slab<RegionMap>(serverMemory);
        _pathWindows = new Slab<PathWindow>(serverMemory);
        _deferredFaults = new Slab<DeferredFault>(serverMemory);
    }

    /// <summary>Records in use, for reports and for the tests of what is given back.</summary>
    public readonly uint RecordsInUse =>
        _dataspaces.InUse + _parts.InUse + _regions.InUse + _maps.InUse + _pathWindows.InUse + _deferredFaults.InUse;

    /// <summary>A map of these addresses; null if the server's memory is used up.</summary>
    public RegionMap* TryCreateMap(ulong start, ulong end, QuotaAccount* account)
    {
        RegionMap* map = _maps.TryTake();
        if (map != null)
        {
            map->Start = start;
            map->End = end;
            map->Hint = start;
            map->Account = account;
        }
        return map;
    }

    /// <summary>Detaches everything, lets the faults that wait happen again, and frees the map and its dataspace.</summary>
    public void DestroyMap(RegionMap* map)
    {
        if (map->AsDataspace != null)
        {
            FreeDataspace(map->AsDataspace);
        }
        _structure.Acquire();
        for (Region* region = map->Regions.First(); region != null; region = map->Regions.First())
        {
            DetachRegion(region);
        }
        _structure.Release();
        ResumeAll(map);
        _maps.Give(map);
    }

    private uint NextRandom()
    {
        // xorshift32 (Marsaglia, 2003).
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        return _random;
    }

    private static ulong RoundUp(ulong bytes) => (bytes + PageMask) & ~PageMask;
}
