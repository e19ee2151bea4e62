using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.RegionMaps;

public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>A dataspace of a frame capability that the server was given; null if no record is left.</summary>
    public Dataspace* TryAddFrame(CapabilitySlot frame, ulong size, FrameRights rights)
    {
        Dataspace* dataspace = _dataspaces.TryTake();
        if (dataspace != null)
        {
            dataspace->Kind = DataspaceKind.Frame;
            dataspace->Size = RoundUp(size);
            dataspace->First = new DataspacePart { Slot = frame, Size = dataspace->Size };
            dataspace->Rights = rights;
        }
        return dataspace;
    }

    /// <summary>A dataspace that another server made; the slot is given up with it.</summary>
    /// <returns>Null if no record is left.</returns>
    public Dataspace* TryAddForeign(CapabilitySlot capability, ulong size)
    {
        Dataspace* dataspace = TryAddFrame(capability, size, FrameRights.All);
        if (dataspace != null)
        {
            dataspace->Kind = DataspaceKind.Foreign;
        }
        return dataspace;
    }

    /// <summary>The dataspace that attaches a map elsewhere; null if no record is left. One for each map.</summary>
    public Dataspace* TryGetManaged(RegionMap* map)
    {
        _structure.Acquire();
        Dataspace* dataspace = map->AsDataspace;
        if (dataspace == null)
        {
            dataspace = TryAddFrame(default, map->End - map->Start, FrameRights.All);
        }
        if (dataspace != null)
        {
            dataspace->Kind = DataspaceKind.Managed;
            dataspace->Inner = map;
            map->AsDataspace = dataspace;
        }
        _structure.Release();
        return dataspace;
    }

    /// <summary>Detaches the dataspace everywhere, in every space and map, and gives its memory back.</summary>
    public void FreeDataspace(Dataspace* dataspace)
    {
        _structure.Acquire();
        while (dataspace->Attachments != null)
        {
            DetachRegion(dataspace->Attachments);
        }
        if (dataspace->Inner != null)
        {
            dataspace->Inner->AsDataspace = null;
        }
        _structure.Release();
        ReleaseParts(dataspace);
        _dataspaces.Give(dataspace);
    }
}
