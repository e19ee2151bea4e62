using System.Numerics;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>
    /// A dataspace of zeroed memory. The account pays for the whole block, a power of two, that it occupies.
    /// </summary>
    /// <param name="size">Bytes, rounded up to pages; not 0.</param>
    /// <param name="account">Who pays; null for the server itself.</param>
    /// <param name="where">The physical memory it may lie in.</param>
    /// <param name="dataspace">The new dataspace.</param>
    public ChargeResult AllocateRam(ulong size, QuotaAccount* account, PhysicalWindow where, out Dataspace* dataspace)
    {
        dataspace = null;
        ulong pages = RoundUp(size) / UserLayout.PageSize;
        if (pages == 0)
        {
            return ChargeResult.OutOfRam;
        }
        int sizeBits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2(pages)) + UntypedAllocator<TKernel>.PageBits;
        Resources cost = DataspaceCost + new Resources(1ul << sizeBits, 0);
        ChargeResult charged = account == null ? ChargeResult.Ok : account->Charge(cost);
        if (charged != ChargeResult.Ok)
        {
            return charged;
        }
        dataspace = MakeRam(pages, sizeBits, where);
        if (dataspace == null)
        {
            if (account != null)
            {
                account->Refund(cost);
            }
            return ChargeResult.OutOfRam;
        }
        dataspace->Account = account;
        return ChargeResult.Ok;
    }

    /// <summary>A dataspace of a frame capability that the server was given; null if no record is left.</summary>
    public Dataspace* TryAddFrame(CapabilitySlot frame, ulong size, FrameRights rights)
    {
        Dataspace* dataspace = _dataspaces.TryTake();
        if (dataspace != null)
        {
            dataspace->Kind = DataspaceKind.Frame;
            dataspace->Slot = frame;
            dataspace->Size = RoundUp(size);
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
        if (dataspace->Block != null)
        {
            ReleaseBlock(dataspace);
        }
        else if (!dataspace->Slot.IsNull)
        {
            _kernel.Delete(dataspace->Slot);
            _slots->Give(dataspace->Slot);
        }
        _dataspaces.Give(dataspace);
    }

    private Dataspace* MakeRam(ulong pages, int sizeBits, PhysicalWindow where)
    {
        CapabilitySlot slot = _slots->TryTake();
        UntypedBlock* block = null;
        if (!slot.IsNull)
        {
            block = where.IsEverywhere
                ? _memory->TryAllocate(sizeBits)
                : _memory->TryAllocateWithin(where.Start, where.End, sizeBits);
        }
        Dataspace* dataspace =
            block != null && _kernel.Retype(block->Slot, ObjectRequest.Frame(pages), slot, 1) == Status.Ok
                ? TryAddFrame(slot, pages * UserLayout.PageSize, FrameRights.All)
                : null;
        if (dataspace != null)
        {
            dataspace->Block = block;
            return dataspace;
        }
        if (block != null)
        {
            _memory->Free(block);
        }
        if (!slot.IsNull)
        {
            _slots->Give(slot);
        }
        return null;
    }

    private void ReleaseBlock(Dataspace* dataspace)
    {
        ulong bytes = dataspace->Block->Bytes;
        // Revoking the block takes the frame itself, and every capability and mapping made from it, wherever it went.
        _memory->Free(dataspace->Block);
        _slots->Give(dataspace->Slot);
        if (dataspace->Account != null)
        {
            dataspace->Account->Refund(DataspaceCost + new Resources(bytes, 0));
        }
    }
}
