using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>Maps inside maps that attach follows to find a cycle; deeper ones are refused.</summary>
    private const int MaximumNesting = 2 * FaultPath.MaximumLength;

    /// <summary>Makes a part of a dataspace appear in a map, and wakes threads whose faults it covers.</summary>
    public AttachStatus Attach(RegionMap* map, Dataspace* dataspace, in AttachRequest request, out ulong address)
    {
        address = 0;
        if (!Bounds(dataspace, request, out ulong size))
        {
            return AttachStatus.OutOfBounds;
        }
        ChargeResult charged = map->Account == null ? ChargeResult.Ok : map->Account->Charge(RegionCost);
        if (charged != ChargeResult.Ok)
        {
            return charged == ChargeResult.OutOfRam ? AttachStatus.OutOfRam : AttachStatus.OutOfCapabilities;
        }
        Region* region = NewRegion(map, dataspace, request, size);
        AttachStatus status = region == null ? AttachStatus.OutOfRam : AttachStatus.Ok;
        if (status == AttachStatus.Ok)
        {
            _structure.Acquire();
            status = Link(region, request);
            address = region->Base;
            _structure.Release();
        }
        if (status != AttachStatus.Ok)
        {
            Discard(map, region);
        }
        return status;
    }

    private static bool Bounds(Dataspace* dataspace, in AttachRequest request, out ulong size)
    {
        ulong rest = dataspace->Size - request.Offset;
        size = request.Size == 0 ? rest : RoundUp(request.Size);
        bool aligned = ((request.Offset | request.Address) & PageMask) == 0;
        // Rounding up a size near the largest number gives a small one; it must not pass for it.
        return aligned && request.Offset < dataspace->Size && size != 0 && size <= rest && request.Size <= rest;
    }

    private Region* NewRegion(RegionMap* map, Dataspace* dataspace, in AttachRequest request, ulong size)
    {
        Region* region = _regions.TryTake();
        if (region == null)
        {
            return null;
        }
        region->Map = map;
        region->Dataspace = dataspace;
        region->Offset = request.Offset;
        region->Size = size;
        region->Rights = (request.Rights & dataspace->Rights) | FrameRights.Read;
        if (dataspace->Kind != DataspaceKind.Frame)
        {
            return region;
        }
        region->Window = _slots->TryTake();
        // The capability covers the attached part alone, so the kernel itself keeps mappings inside it.
        if (
            region->Window.IsNull
            || _kernel.Derive(dataspace->Slot, region->Window, region->Offset, size / UserLayout.PageSize) != Status.Ok
        )
        {
            if (!region->Window.IsNull)
            {
                _slots->Give(region->Window);
            }
            _regions.Give(region);
            return null;
        }
        return region;
    }

    /// <summary>Finds the place and makes the region visible; the structure lock is held.</summary>
    private AttachStatus Link(Region* region, in AttachRequest request)
    {
        RegionMap* map = region->Map;
        Dataspace* dataspace = region->Dataspace;
        if (dataspace->Inner != null)
        {
            _visit++;
            if (Reaches(dataspace->Inner, map, 0))
            {
                return AttachStatus.InvalidDataspace;
            }
        }
        map->Lock.Acquire();
        AttachStatus status = Place(map, region->Size, request, out region->Base);
        if (status == AttachStatus.Ok)
        {
            region->TreePriority = NextRandom();
            map->Regions.Insert(region);
            map->RegionCount++;
            Wake(map, region);
        }
        map->Lock.Release();
        if (status == AttachStatus.Ok)
        {
            AddAttachment(dataspace, region);
        }
        return status;
    }

    /// <summary>Whether faults in one map can come to the other, or to more maps than can be followed.</summary>
    private bool Reaches(RegionMap* from, RegionMap* to, int depth)
    {
        if (from == to || depth == MaximumNesting)
        {
            return true;
        }
        if (from->Visit == _visit)
        {
            return false;
        }
        from->Visit = _visit;
        // The structure lock keeps the regions as they are; faults only read them.
        for (Region* region = from->Regions.First(); region != null; region = from->Regions.After(region))
        {
            if (region->Dataspace->Inner != null && Reaches(region->Dataspace->Inner, to, depth + 1))
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
        ulong lowest = map->AttachBase > map->Start ? map->AttachBase : map->Start;
        ulong hint = map->Hint > lowest ? map->Hint : lowest;
        bool found = FindGap(map, hint, size, out address) || FindGap(map, lowest, size, out address);
        if (found)
        {
            map->Hint = address + size;
        }
        return found ? AttachStatus.Ok : AttachStatus.RegionConflict;
    }

    /// <summary>The lowest gap at or behind an address.</summary>
    private static bool FindGap(RegionMap* map, ulong from, ulong size, out ulong address)
    {
        address = from;
        while (address < map->End && size <= map->End - address)
        {
            Region* obstacle = map->Regions.Overlapping(address, size);
            if (obstacle == null)
            {
                return true;
            }
            address = obstacle->End;
        }
        return false;
    }

    private static void AddAttachment(Dataspace* dataspace, Region* region)
    {
        region->NextAttachment = dataspace->Attachments;
        if (dataspace->Attachments != null)
        {
            dataspace->Attachments->PreviousAttachment = region;
        }
        dataspace->Attachments = region;
    }

    /// <summary>Takes back what a failed attach made.</summary>
    private void Discard(RegionMap* map, Region* region)
    {
        if (region != null)
        {
            if (!region->Window.IsNull)
            {
                _kernel.Delete(region->Window);
                _slots->Give(region->Window);
            }
            _regions.Give(region);
        }
        if (map->Account != null)
        {
            map->Account->Refund(RegionCost);
        }
    }
}
