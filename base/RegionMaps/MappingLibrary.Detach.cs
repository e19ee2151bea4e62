using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>Takes the region that begins at an address out of the map.</summary>
    /// <returns>False if there is none.</returns>
    public bool Detach(RegionMap* map, ulong address) => Detach(map, address, out _);

    /// <summary>As the other, and says what was attached there.</summary>
    public bool Detach(RegionMap* map, ulong address, out Dataspace* dataspace)
    {
        Region* region = map->Regions.At(address);
        bool found = region != null && region->Base == address && !region->IsRest;
        dataspace = found ? region->Dataspace : null;
        if (found)
        {
            DetachRegion(region);
        }
        return found;
    }

    /// <summary>Takes what lies lowest out of a map that is about to go: from now on nothing can be attached there.</summary>
    /// <param name="map">The map.</param>
    /// <param name="dataspace">What was attached.</param>
    /// <returns>False if nothing is attached any more.</returns>
    public bool TryDetachFirst(RegionMap* map, out Dataspace* dataspace)
    {
        map->IsGoing = true;
        Region* region = map->Regions.First();
        dataspace = region == null ? null : region->Dataspace;
        if (region != null)
        {
            DetachRegion(region);
        }
        return region != null;
    }

    /// <summary>
    /// Reserves what was attached together, takes its pages out of every address space, and frees it. A fault that races
    /// with this finds the region reserved and tries again, so it can map nothing behind the flush.
    /// </summary>
    private void DetachRegion(Region* first)
    {
        RegionMap* map = first->Map;
        map->Lock.Acquire();
        for (Region* region = first; region != null; region = region->Rest)
        {
            region->State = RegionState.Reserved;
        }
        map->Lock.Release();

        for (Region* region = first; region != null; region = region->Rest)
        {
            if (region->HasWindow)
            {
                RetireWindow(region->Window);
            }
            else if (!region->Window.IsNull)
            {
                _slots->Give(region->Window);
            }
            DropPathWindows(region);
        }

        map->Lock.Acquire();
        for (Region* region = first; region != null; region = region->Rest)
        {
            map->Regions.Remove(region);
            map->Recent = map->Recent == region ? null : map->Recent;
        }
        map->Lock.Release();

        RemoveAttachment(first);
        GiveRegions(map, first);
    }

    private void GiveRegions(RegionMap* map, Region* first)
    {
        while (first != null)
        {
            Region* rest = first->Rest;
            QuotaAccount.Refund(map->Account, RegionCost);
            RecordPool.Give(first);
            first = rest;
        }
    }

    private static void RemoveAttachment(Region* region)
    {
        if (!IsWithinAccount(region->Map, region->Dataspace))
        {
            region->Dataspace->AttachmentsElsewhere--;
            region->Map->RegionsOfOthers--;
        }
        if (region->PreviousAttachment != null)
        {
            region->PreviousAttachment->NextAttachment = region->NextAttachment;
        }
        else
        {
            region->Dataspace->Attachments = region->NextAttachment;
        }
        if (region->NextAttachment != null)
        {
            region->NextAttachment->PreviousAttachment = region->PreviousAttachment;
        }
    }

    /// <summary>With all that was derived from it: message buffers of threads, and pages that a server below has mapped.</summary>
    private void RetireWindow(CapabilitySlot window)
    {
        _kernel.Revoke(window);
        _kernel.Delete(window);
        Hazards.Retire(window);
    }
}
