using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// The page-fault handling of core and vcores: dataspaces, region maps, and what a fault in them means. One per server.
/// </summary>
/// <remarks>
/// Who attaches whom, and that everything named in a region exists, is what attach, detach and freeing change: the
/// *structure*. Whoever calls these sees to it that no two of them are under way at a time, but for those that stay
/// within one account each (<see cref="IsWithinAccount(RegionMap*, Dataspace*)"/>), of which there may be one for each account; the
/// rest is for who is alone.
/// Locks, in the order they are taken: those of maps from the outside in, then those of windows or of the faults of a map.
/// A fault is no part of that order: a map on its path cannot go while the lock of the map around it is held.
/// </remarks>
public unsafe partial struct MappingLibrary<TKernel>
    where TKernel : unmanaged, IMappingKernel
{
    private const ulong PageMask = UserLayout.PageSize - 1;

    /// <summary>What a region costs the account of its map: one for each part of the dataspace.</summary>
    public static Resources RegionCost => new(0, 1);

    /// <summary>What a window of a path of regions costs the account of the address space.</summary>
    private static Resources WindowCost => new(0, 1);

    private TKernel _kernel;
    private SlotPool* _slots;
    private RamAllocator<TKernel>* _ram;
    internal HazardSlots Hazards;
    private ExclusiveLock _windows;

    private FaultedMaps _faulted;

    /// <summary>Number of the last search for a cycle, which is for who is alone.</summary>
    private ulong _visit;

    /// <summary>For what no account with records of its own pays for.</summary>
    private RecordPool* _ownRecords;

    public void Initialise(TKernel kernel, RecordPool* ownRecords, SlotPool* slots, RamAllocator<TKernel>* ram)
    {
        _kernel = kernel;
        _slots = slots;
        _ram = ram;
        Hazards.Initialise(slots);
        _ownRecords = ownRecords;
    }

    /// <summary>Where the records are that an account pays for.</summary>
    private readonly RecordPool* RecordsOf(QuotaAccount* account) => RecordPool.For(account, _ownRecords);

    /// <summary>A map of these addresses; null if the account's memory is used up, or the server's.</summary>
    public RegionMap* TryCreateMap(ulong start, ulong end, QuotaAccount* account)
    {
        RegionMap* map = RecordsOf(account)->TryTake<RegionMap>();
        if (map != null)
        {
            map->Start = start;
            map->End = end;
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
        while (TryDetachFirst(map, out _)) { }
        while (TryResumeOf(map)) { }
        if (map->IsFaulted)
        {
            _faulted.Remove(map);
        }
        RecordPool.Give(map);
    }

    private static ulong RoundUp(ulong bytes) => (bytes + PageMask) & ~PageMask;
}
