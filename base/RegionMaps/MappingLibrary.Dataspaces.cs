using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>A dataspace of a frame capability that the server was given; null if no record is left.</summary>
    public Dataspace* TryAddFrame(CapabilitySlot frame, ulong size, FrameRights rights) =>
        TryAdd(null, frame, size, rights);

    private Dataspace* TryAdd(QuotaAccount* account, CapabilitySlot frame, ulong size, FrameRights rights)
    {
        Dataspace* dataspace = RecordsOf(account)->TryTake<Dataspace>();
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
    /// <param name="capability">The other's.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="account">Who pays for the record.</param>
    /// <returns>Null if no record is left.</returns>
    public Dataspace* TryAddForeign(CapabilitySlot capability, ulong size, QuotaAccount* account)
    {
        Dataspace* dataspace = TryAdd(account, capability, size, FrameRights.All);
        if (dataspace != null)
        {
            dataspace->Kind = DataspaceKind.Foreign;
        }
        return dataspace;
    }

    /// <summary>The dataspace that attaches a map elsewhere; null if no record is left. One for each map.</summary>
    public Dataspace* TryGetManaged(RegionMap* map)
    {
        Dataspace* dataspace = map->AsDataspace;
        if (dataspace == null)
        {
            dataspace = TryAdd(map->Account, default, map->End - map->Start, FrameRights.All);
        }
        if (dataspace != null)
        {
            dataspace->Kind = DataspaceKind.Managed;
            dataspace->Inner = map;
            map->AsDataspace = dataspace;
        }
        return dataspace;
    }

    /// <summary>Detaches a dataspace that is about to go once: from now on it can be attached nowhere.</summary>
    /// <returns>False if it is attached nowhere any more.</returns>
    public bool TryWithdraw(Dataspace* dataspace)
    {
        dataspace->IsGoing = true;
        bool found = dataspace->Attachments != null;
        if (found)
        {
            DetachRegion(dataspace->Attachments);
        }
        return found;
    }

    /// <summary>Detaches the dataspace everywhere, in every space and map, and gives its memory back.</summary>
    public void FreeDataspace(Dataspace* dataspace)
    {
        while (TryWithdraw(dataspace)) { }
        if (dataspace->Inner != null)
        {
            dataspace->Inner->AsDataspace = null;
        }
        if (dataspace->Kind == DataspaceKind.Foreign)
        {
            RetireForeign(dataspace);
        }
        _ram->Free(dataspace);
    }

    /// <summary>A pager may be about to ask its server, by this slot, for a page that is another dataspace's by then.</summary>
    private void RetireForeign(Dataspace* dataspace)
    {
        CapabilitySlot slot = dataspace->First.Slot;
        if (!slot.IsNull)
        {
            _kernel.Delete(slot);
            Hazards.Retire(slot);
            dataspace->First.Slot = default;
        }
    }
}
