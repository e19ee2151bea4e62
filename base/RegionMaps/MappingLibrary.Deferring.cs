using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>
    /// Leaves a fault to the fault handler of the map that it failed in. The pager goes on with another Reply object;
    /// an attach that covers the address resumes the thread.
    /// </summary>
    /// <param name="space">The map of the address space that faulted.</param>
    /// <param name="failed">What the fault came to.</param>
    /// <param name="access">What was tried.</param>
    /// <param name="thread">The cookie of the thread.</param>
    /// <param name="faulter">Holds the thread; null if there is nothing to hold it by.</param>
    public DeferResult Defer(
        RegionMap* space,
        in Resolution failed,
        FaultAccess access,
        ulong thread,
        HeldCaller* faulter
    )
    {
        // The map that it failed in may have gone since; and an attach since would not find it among those that wait.
        Follow(space, failed.Address, access, out Resolution now);
        bool hasChanged =
            now.Outcome == FaultOutcome.Retry
            || (failed.Outcome == FaultOutcome.NoRegion && now.Outcome != FaultOutcome.NoRegion)
            || (failed.Outcome == FaultOutcome.ForeignFailed && now.Foreign != failed.Foreign);
        CapabilitySlot handler = now.Map->FaultHandler;
        DeferResult result = DeferResult.Retry;
        if (!hasChanged && (handler.IsNull || faulter != null))
        {
            bool waits = !handler.IsNull && Record(space, now, access, thread, faulter);
            result = waits ? DeferResult.Deferred : DeferResult.NoHandler;
        }
        if (result == DeferResult.Deferred)
        {
            // As long as its map's lock is held the handler stays: its slot may be another's afterwards.
            _kernel.Signal(handler);
        }
        ReleasePath(now);
        return result;
    }

    /// <summary>
    /// Sets who is signalled when a fault in this map waits; the null slot for nobody. Nobody signals the one before any more
    /// then.
    /// </summary>
    public static void SetFaultHandler(RegionMap* map, CapabilitySlot notification)
    {
        map->Lock.Acquire();
        map->FaultHandler = notification;
        map->Lock.Release();
    }

    /// <summary>A fault that waits in this map.</summary>
    /// <returns>False if none does.</returns>
    public bool TryGetFault(RegionMap* map, out ulong address, out FaultAccess access)
    {
        _deferring.Acquire();
        DeferredFault* fault = _deferred;
        while (fault != null && fault->Map != map)
        {
            fault = fault->Next;
        }
        address = fault == null ? 0 : fault->Address;
        access = fault == null ? FaultAccess.None : fault->Access;
        _deferring.Release();
        return fault != null;
    }

    /// <summary>
    /// Drops the fault of a thread of this address space that has been destroyed. Another that has its cookie tries again.
    /// </summary>
    public void ForgetThread(RegionMap* space, ulong thread)
    {
        _deferring.Acquire();
        DeferredFault** link = DeferredHead();
        while (*link != null)
        {
            DeferredFault* fault = *link;
            if (fault->Thread != thread || fault->Space != space)
            {
                link = &fault->Next;
                continue;
            }
            *link = fault->Next;
            _kernel.Resume(fault->Faulter);
            RecordPool.Give(fault);
        }
        _deferring.Release();
    }

    /// <returns>False if the space's account can't pay for the record.</returns>
    private bool Record(
        RegionMap* space,
        in Resolution resolution,
        FaultAccess access,
        ulong thread,
        HeldCaller* faulter
    )
    {
        _deferring.Acquire();
        HeldCaller* before = null;
        DeferredFault* fault = FaultOf(space, thread);
        if (fault != null)
        {
            // A thread waits in one fault: that it was paused in the one before has ended that.
            before = fault->Faulter;
        }
        else
        {
            fault = RecordsOf(space->Account)->TryTake<DeferredFault>();
            if (fault != null)
            {
                fault->Next = _deferred;
                _deferred = fault;
            }
        }
        if (fault != null)
        {
            fault->Space = space;
            fault->Map = resolution.Map;
            fault->Address = resolution.MapAddress;
            fault->Access = access;
            fault->Thread = thread;
            fault->Faulter = faulter;
        }
        _deferring.Release();
        if (before != null)
        {
            // Answered, so that it holds nobody, whoever gave two threads one cookie.
            _kernel.Resume(before);
        }
        return fault != null;
    }

    /// <summary>The fault in which a thread of an address space waits, or has waited; null if there is none.</summary>
    private readonly DeferredFault* FaultOf(RegionMap* space, ulong thread)
    {
        DeferredFault* fault = _deferred;
        while (fault != null && (fault->Thread != thread || fault->Space != space))
        {
            fault = fault->Next;
        }
        return fault;
    }

    /// <summary>Resumes the threads whose faults a new region answers; the lock of its map is held.</summary>
    private void Wake(RegionMap* map, ulong address, ulong size)
    {
        // As a rule nobody waits. Who waits in this map was recorded while its lock was held.
        if (Volatile.Read(ref *(ulong*)DeferredHead()) != 0)
        {
            Resume(map, null, address, size);
        }
    }

    /// <summary>A map goes: those that wait in it try again, and those that wait elsewhere for a page of its own.</summary>
    private void ResumeAll(RegionMap* map) => Resume(map, map, 0, ulong.MaxValue);

    private void Resume(RegionMap* map, RegionMap* space, ulong start, ulong size)
    {
        _deferring.Acquire();
        DeferredFault** link = DeferredHead();
        while (*link != null)
        {
            DeferredFault* fault = *link;
            bool isMeant = fault->Map == map && fault->Address - start < size;
            if (!isMeant && fault->Space != space)
            {
                link = &fault->Next;
                continue;
            }
            *link = fault->Next;
            _kernel.Resume(fault->Faulter);
            RecordPool.Give(fault);
        }
        _deferring.Release();
    }

    // Safety: the library lies in memory that does not move; it is part of a server's state.
    private DeferredFault** DeferredHead()
    {
        fixed (DeferredFault** head = &_deferred)
        {
            return head;
        }
    }
}
