using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// How faults that wait come to an end. An attach, and whoever takes a handler away, says which have nothing to wait for any
/// more; they are resumed one by one, without the lock of any map, so whoever does it can let others go between.
/// </summary>
public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>How many threads that have faulted in this map wait to be resumed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ToResume(RegionMap* map) => map->Waiting.CoveredCount;

    /// <summary>Resumes one of those. The map stays meanwhile, and the address space that it faulted in.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryResume(RegionMap* map)
    {
        map->Waiting.Lock.Acquire();
        DeferredFault* fault = map->Waiting.TakeCovered();
        if (fault != null)
        {
            fault->Map = null;
        }
        map->Waiting.Lock.Release();
        if (fault == null)
        {
            return false;
        }
        // Until it has left this list a pager may look at it, and at the map it waited in, which therefore goes later.
        RegionMap* space = fault->Space;
        space->Lock.Acquire();
        Forget(fault);
        space->Lock.Release();
        End(fault);
        return true;
    }

    /// <summary>
    /// Resumes one of the threads that wait in a map that is about to go, or that of its own waits elsewhere. For who is alone.
    /// </summary>
    /// <returns>False if there is none any more.</returns>
    public bool TryResumeOf(RegionMap* map)
    {
        Cover(map, 0, ulong.MaxValue);
        if (TryResume(map))
        {
            return true;
        }
        map->Lock.Acquire();
        DeferredFault* fault = map->OfThreads;
        if (fault != null)
        {
            TryLeave(fault);
            Forget(fault);
        }
        map->Lock.Release();
        if (fault != null)
        {
            End(fault);
        }
        return fault != null;
    }

    /// <summary>How many maps there are in which somebody may wait for the handler.</summary>
    public readonly uint FaultedMapCount => _faulted.Count;

    /// <summary>
    /// The next of those, in turn; if its handler is gone, all who wait there have nothing to wait for any more. For who is alone.
    /// </summary>
    /// <returns>Null if the handler is still there, or nobody waits.</returns>
    public RegionMap* NextUnhandled()
    {
        RegionMap* map = _faulted.Next();
        if (map == null)
        {
            return null;
        }
        // Nothing is derived from it, so there is nothing to revoke; but whether there is still something in the slot is told.
        bool isGone = map->Waiting.Count != 0 && _kernel.Revoke(map->FaultHandler) != Status.Ok;
        if (isGone)
        {
            Cover(map, 0, ulong.MaxValue);
        }
        map->Waiting.Lock.Acquire();
        if (map->Waiting.Count == 0)
        {
            _faulted.Remove(map);
        }
        map->Waiting.Lock.Release();
        return isGone ? map : null;
    }

    /// <summary>Those who wait in a range of addresses have nothing to wait for any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Cover(RegionMap* map, ulong start, ulong size)
    {
        // As a rule nobody waits.
        if (map->Waiting.Count != 0)
        {
            CoverWaiting(map, start, size);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CoverWaiting(RegionMap* map, ulong start, ulong size)
    {
        map->Waiting.Lock.Acquire();
        map->Waiting.Cover(start, size);
        map->Waiting.Lock.Release();
    }

    /// <summary>From now on it waits for the map's handler. The map's lock is held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enter(RegionMap* map, DeferredFault* fault)
    {
        map->Waiting.Lock.Acquire();
        fault->Map = map;
        map->Waiting.Add(fault);
        if (!map->IsFaulted)
        {
            _faulted.Add(map);
        }
        map->Waiting.Lock.Release();
    }

    /// <summary>
    /// It does not wait in its map any more. The lock of its address space is held: whoever would resume it needs that before
    /// he is done with it, and its map can't go before.
    /// </summary>
    /// <returns>False if somebody is about to resume it.</returns>
    private bool TryLeave(DeferredFault* fault)
    {
        var map = (RegionMap*)System.Threading.Volatile.Read(ref *(ulong*)&fault->Map);
        if (map == null)
        {
            return false;
        }
        map->Waiting.Lock.Acquire();
        bool waits = fault->Map != null;
        if (waits)
        {
            map->Waiting.Remove(fault);
            fault->Map = null;
        }
        map->Waiting.Lock.Release();
        return waits;
    }

    /// <summary>Its address space knows of it no more; the lock of that is held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Forget(DeferredFault* fault)
    {
        if (fault->NextOfSpace != null)
        {
            fault->NextOfSpace->PreviousOfSpace = fault->PreviousOfSpace;
        }
        if (fault->PreviousOfSpace != null)
        {
            fault->PreviousOfSpace->NextOfSpace = fault->NextOfSpace;
        }
        else
        {
            fault->Space->OfThreads = fault->NextOfSpace;
        }
    }

    /// <summary>Who waited goes on; it is in no list any more.</summary>
    private void End(DeferredFault* fault)
    {
        _kernel.Resume(fault->Faulter);
        RecordPool.Give(fault);
    }
}
