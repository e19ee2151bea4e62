using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.RegionMaps;

public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>
    /// Leaves a fault to the fault handler of the map that it failed in. The pager goes on with another Reply object;
    /// an attach that covers the address resumes the thread.
    /// </summary>
    /// <param name="resolution">What the fault came to.</param>
    /// <param name="access">What was tried.</param>
    /// <param name="thread">The cookie of the thread.</param>
    /// <param name="faulter">Holds the thread.</param>
    public DeferResult Defer(in Resolution resolution, FaultAccess access, ulong thread, HeldCaller* faulter)
    {
        RegionMap* map = resolution.Map;
        map->Lock.Acquire();
        CapabilitySlot handler = map->FaultHandler;
        DeferResult result = handler.IsNull ? DeferResult.NoHandler : DeferResult.Deferred;
        // An attach since the resolution would not find this fault among the deferred ones.
        Region* region = map->Regions.At(resolution.MapAddress);
        if (region != null && resolution.Outcome == FaultOutcome.NoRegion)
        {
            result = DeferResult.Retry;
        }
        if (result == DeferResult.Deferred && !Record(resolution, access, thread, faulter))
        {
            result = DeferResult.NoHandler;
        }
        map->Lock.Release();
        if (result == DeferResult.Deferred)
        {
            _kernel.Signal(handler);
        }
        return result;
    }

    /// <summary>Sets who is signalled when a fault in this map waits; the null slot for nobody.</summary>
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

    /// <summary>Drops the fault of a thread that has been destroyed.</summary>
    public void ForgetThread(ulong thread)
    {
        _deferring.Acquire();
        DeferredFault** link = DeferredHead();
        while (*link != null)
        {
            DeferredFault* fault = *link;
            if (fault->Thread != thread)
            {
                link = &fault->Next;
                continue;
            }
            *link = fault->Next;
            _kernel.Forget(fault->Faulter);
            _deferredFaults.Give(fault);
        }
        _deferring.Release();
    }

    private bool Record(in Resolution resolution, FaultAccess access, ulong thread, HeldCaller* faulter)
    {
        DeferredFault* fault = _deferredFaults.TryTake();
        if (fault == null)
        {
            return false;
        }
        fault->Map = resolution.Map;
        fault->Address = resolution.MapAddress;
        fault->Access = access;
        fault->Thread = thread;
        fault->Faulter = faulter;
        _deferring.Acquire();
        fault->Next = _deferred;
        _deferred = fault;
        _deferring.Release();
        return true;
    }

    /// <summary>Resumes the threads whose faults a new region answers; the lock of its map is held.</summary>
    private void Wake(RegionMap* map, ulong address, ulong size) => ResumeWhere(map, address, size);

    private void ResumeAll(RegionMap* map) => ResumeWhere(map, 0, ulong.MaxValue);

    private void ResumeWhere(RegionMap* map, ulong start, ulong size)
    {
        _deferring.Acquire();
        DeferredFault** link = DeferredHead();
        while (*link != null)
        {
            DeferredFault* fault = *link;
            if (fault->Map != map || fault->Address - start >= size)
            {
                link = &fault->Next;
                continue;
            }
            *link = fault->Next;
            _kernel.Resume(fault->Faulter);
            _deferredFaults.Give(fault);
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
