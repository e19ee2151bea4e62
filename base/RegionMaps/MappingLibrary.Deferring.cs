using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>Faults that are left to the handler of a region map.</summary>
public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>
    /// Leaves a fault to the fault handler of the map that it failed in, if an attach there could answer it. The pager goes on with
    /// another Reply object; an attach that covers the address resumes the thread.
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
        DeferResult result;
        if (HasChanged(failed, now))
        {
            result = DeferResult.Retry;
        }
        else if (!IsForHandler(now.Outcome) || now.Map->FaultHandler.IsNull)
        {
            result = DeferResult.NoHandler;
        }
        else
        {
            result = faulter == null ? DeferResult.Retry : Wait(space, now, access, thread, faulter);
        }
        ReleasePath(now);
        return result;
    }

    /// <summary>
    /// Sets who is signalled when a fault in this map waits; the null slot for nobody. Nobody signals the one before any more
    /// then, and who waits for it has nothing to wait for any more: resumed (<see cref="TryResume"/>), he faults again.
    /// </summary>
    public void SetFaultHandler(RegionMap* map, CapabilitySlot notification)
    {
        map->Lock.Acquire();
        map->FaultHandler = notification;
        map->Lock.Release();
        Cover(map, 0, ulong.MaxValue);
    }

    /// <summary>
    /// A fault that waits for the handler of this map: each in turn, from the oldest to the newest, and then from the oldest again.
    /// </summary>
    /// <returns>False if none does.</returns>
    public static bool TryGetFault(RegionMap* map, out ulong address, out FaultAccess access)
    {
        map->Waiting.Lock.Acquire();
        DeferredFault* fault = map->Waiting.Tell();
        address = fault == null ? 0 : fault->Address;
        access = fault == null ? FaultAccess.None : fault->Access;
        map->Waiting.Lock.Release();
        return fault != null;
    }

    /// <summary>
    /// Drops the fault of a thread of this address space that has been destroyed. Another that has its cookie tries again.
    /// </summary>
    public void ForgetThread(RegionMap* space, ulong thread)
    {
        space->Lock.Acquire();
        DeferredFault* fault = TakeFaultOf(space, thread);
        if (fault != null)
        {
            Forget(fault);
        }
        space->Lock.Release();
        if (fault != null)
        {
            End(fault);
        }
    }

    /// <summary>Whether the fault would come to something else by now; the locks of its path are held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasChanged(in Resolution failed, in Resolution now)
    {
        FaultOutcome before = failed.Outcome;
        if (!failed.Foreign.IsNull)
        {
            // Another server was asked, whatever became of it.
            before = FaultOutcome.NeedsForward;
        }
        else if (before is FaultOutcome.OutOfResources or FaultOutcome.NotOfUserMode)
        {
            // There was a page, which could not be mapped.
            before = FaultOutcome.Resolved;
        }
        return now.Outcome != before || now.Foreign != failed.Foreign;
    }

    /// <summary>
    /// Whether somebody could answer it who attaches in the map, or detaches what is there. What the account can't pay for stays so;
    /// what another server refuses, it has said.
    /// </summary>
    private static bool IsForHandler(FaultOutcome outcome) =>
        outcome is FaultOutcome.NoRegion or FaultOutcome.WriteViolation or FaultOutcome.ExecuteViolation;

    /// <summary>Has the thread wait for the handler of the map that was reached; the locks of the path are held.</summary>
    private DeferResult Wait(
        RegionMap* space,
        in Resolution reached,
        FaultAccess access,
        ulong thread,
        HeldCaller* faulter
    )
    {
        DeferredFault* fault = TakeFaultOf(space, thread);
        if (fault != null)
        {
            // A thread waits in one fault: that it was paused in the one before has ended that. Answered, so that it holds nobody,
            // whoever gave two threads one cookie.
            _kernel.Resume(fault->Faulter);
        }
        else
        {
            fault = NewFault(space, thread);
        }
        if (fault == null)
        {
            return DeferResult.NotPaid;
        }
        fault->SetPlace(reached.MapAddress, access);
        fault->Faulter = faulter;
        Enter(reached.Map, fault);
        // As long as its map's lock is held the handler stays: its slot may be another's afterwards.
        if (_kernel.Signal(reached.Map->FaultHandler) == Status.Ok || !TryLeave(fault))
        {
            return DeferResult.Deferred;
        }
        Forget(fault);
        RecordPool.Give(fault);
        return DeferResult.NoHandler;
    }

    /// <returns>Null if the account of the address space can't pay for the record.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private DeferredFault* NewFault(RegionMap* space, ulong thread)
    {
        DeferredFault* fault = RecordsOf(space->Account)->TryTake<DeferredFault>();
        if (fault != null)
        {
            fault->Space = space;
            fault->Thread = thread;
            fault->NextOfSpace = space->OfThreads;
            if (space->OfThreads != null)
            {
                space->OfThreads->PreviousOfSpace = fault;
            }
            space->OfThreads = fault;
        }
        return fault;
    }

    /// <summary>
    /// The fault in which a thread of an address space waits, or has waited, out of its map; null if there is none. The lock of the
    /// address space is held.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private DeferredFault* TakeFaultOf(RegionMap* space, ulong thread)
    {
        DeferredFault* fault = space->OfThreads;
        while (fault != null && (fault->Thread != thread || !TryLeave(fault)))
        {
            fault = fault->NextOfSpace;
        }
        return fault;
    }
}
