using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>
    /// Makes a part of a dataspace appear in a map. Threads whose faults it covers wait for no more than to be resumed
    /// (<see cref="TryResume"/>).
    /// </summary>
    public AttachStatus Attach(RegionMap* map, Dataspace* dataspace, in AttachRequest request, out ulong address)
    {
        address = 0;
        if (!Bounds(dataspace, request, out ulong size))
        {
            return AttachStatus.OutOfBounds;
        }
        Resources cost = CostOf(dataspace, request.Offset, size);
        ChargeResult charged = map->Account == null ? ChargeResult.Ok : map->Account->Charge(cost);
        if (charged != ChargeResult.Ok)
        {
            return charged == ChargeResult.OutOfRam ? AttachStatus.OutOfRam : AttachStatus.OutOfCapabilities;
        }
        Region* region = NewRegions(map, dataspace, request, size);
        AttachStatus status = region == null ? AttachStatus.OutOfRam : AttachStatus.Ok;
        if (status == AttachStatus.Ok)
        {
            status = Link(region, size, request);
            address = region->Base;
        }
        if (status != AttachStatus.Ok)
        {
            Discard(region);
            QuotaAccount.Refund(map->Account, cost);
        }
        return status;
    }

    /// <summary>A region for each part of the dataspace that is touched.</summary>
    private static Resources CostOf(Dataspace* dataspace, ulong offset, ulong size)
    {
        Resources cost = default;
        ulong end = offset + size;
        for (DataspacePart* part = Dataspace.PartAt(dataspace, offset); part != null; part = part->Next)
        {
            cost += part->Offset < end ? RegionCost : default;
        }
        return cost;
    }

    private static bool Bounds(Dataspace* dataspace, in AttachRequest request, out ulong size)
    {
        ulong rest = dataspace->Size - request.Offset;
        size = request.Size == 0 ? rest : RoundUp(request.Size);
        bool aligned = ((request.Offset | request.Address) & PageMask) == 0;
        // Rounding up a size near the largest number gives a small one; it must not pass for it.
        return aligned && request.Offset < dataspace->Size && size != 0 && size <= rest && request.Size <= rest;
    }

    /// <summary>Regions for all parts that are touched, each the rest of the one before it.</summary>
    /// <returns>The first; null if records or slots are used up.</returns>
    private Region* NewRegions(RegionMap* map, Dataspace* dataspace, in AttachRequest request, ulong size)
    {
        Region* first = null;
        Region** link = &first;
        DataspacePart* part = Dataspace.PartAt(dataspace, request.Offset);
        for (ulong done = 0; done < size; done += (*link)->Size, link = &(*link)->Rest, part = part->Next)
        {
            Region* region = NewRegion(map, dataspace, part, request.Offset + done, size - done);
            if (region == null)
            {
                Discard(first);
                return null;
            }
            region->Rights = (request.Rights & dataspace->Rights) | FrameRights.Read;
            region->IsRest = done != 0;
            *link = region;
        }
        return first;
    }

    /// <summary>A region from an offset on, at most to the end of the part that lies there.</summary>
    private Region* NewRegion(RegionMap* map, Dataspace* dataspace, DataspacePart* part, ulong offset, ulong size)
    {
        Region* region = RecordsOf(map->Account)->TryTake<Region>();
        if (region == null)
        {
            return null;
        }
        region->Map = map;
        region->Dataspace = dataspace;
        region->Offset = offset;
        region->Size = size < part->End - offset ? size : part->End - offset;
        if (dataspace->Kind != DataspaceKind.Frame)
        {
            return region;
        }
        region->Part = part;
        region->Window = _slots->TryTake();
        if (region->Window.IsNull)
        {
            RecordPool.Give(region);
            return null;
        }
        return region;
    }

    /// <summary>Finds the place and makes the regions visible.</summary>
    private AttachStatus Link(Region* first, ulong size, in AttachRequest request)
    {
        RegionMap* map = first->Map;
        Dataspace* dataspace = first->Dataspace;
        if (dataspace->IsGoing || map->IsGoing)
        {
            return AttachStatus.InvalidDataspace;
        }
        if (dataspace->Inner != null)
        {
            _visit++;
            if (Reaches(dataspace->Inner, map, 0))
            {
                return AttachStatus.InvalidDataspace;
            }
        }
        map->Lock.Acquire();
        AttachStatus status = Place(map, size, request, out first->Base);
        if (status == AttachStatus.Ok)
        {
            Insert(map, first);
        }
        map->Lock.Release();
        if (status == AttachStatus.Ok)
        {
            // Who waits was recorded while the map's lock was held, so all that were before this are seen.
            Cover(map, first->Base, size);
            AddAttachment(dataspace, first);
        }
        return status;
    }

    /// <summary>One behind the other; the map's lock is held, so that a fault meets all of them or none.</summary>
    private void Insert(RegionMap* map, Region* first)
    {
        ulong address = first->Base;
        for (Region* region = first; region != null; region = region->Rest)
        {
            region->Base = address;
            map->Regions.Insert(region);
            address += region->Size;
        }
    }

    /// <summary>
    /// Whether faults in one map can come to the other, or to more maps than can be followed. Who looks for a cycle is alone:
    /// the regions stay as they are, and faults only read them.
    /// </summary>
    private bool Reaches(RegionMap* from, RegionMap* to, int depth)
    {
        if (from == to || depth == RegionMap.MaximumNesting)
        {
            return true;
        }
        if (from->Visit == _visit)
        {
            return false;
        }
        from->Visit = _visit;
        for (Region* region = from->Regions.FirstNested; region != null; region = RegionTree.NextNested(region))
        {
            RegionMap* inner = region->Dataspace->Inner;
            if (inner != null && Reaches(inner, to, depth + 1))
            {
                return true;
            }
        }
        return false;
    }

    private static AttachStatus Place(RegionMap* map, ulong size, in AttachRequest request, out ulong address)
    {
        address = request.Address;
        if (request.Fixed)
        {
            bool inside = address >= map->Start && address < map->End && size <= map->End - address;
            if (!inside)
            {
                return AttachStatus.OutOfBounds;
            }
            return map->Regions.Overlapping(address, size) == null ? AttachStatus.Ok : AttachStatus.RegionConflict;
        }
        // The lowest, where there are likely page tables already: they are not given back before the domain goes.
        ulong lowest = map->AttachBase > map->Start ? map->AttachBase : map->Start;
        address = map->Regions.GapFrom(lowest, size);
        bool found = address < map->End && size <= map->End - address;
        return found ? AttachStatus.Ok : AttachStatus.RegionConflict;
    }

    private static void AddAttachment(Dataspace* dataspace, Region* region)
    {
        if (!IsWithinAccount(region->Map, dataspace))
        {
            dataspace->AttachmentsElsewhere++;
            region->Map->RegionsOfOthers++;
        }
        region->NextAttachment = dataspace->Attachments;
        if (dataspace->Attachments != null)
        {
            dataspace->Attachments->PreviousAttachment = region;
        }
        dataspace->Attachments = region;
    }

    /// <summary>Takes back what a failed attach made.</summary>
    private void Discard(Region* region)
    {
        while (region != null)
        {
            Region* rest = region->Rest;
            if (!region->Window.IsNull)
            {
                _slots->Give(region->Window);
            }
            RecordPool.Give(region);
            region = rest;
        }
    }
}
