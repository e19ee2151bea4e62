using System.Numerics;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>
    /// A dataspace of zeroed memory. It is one block, a power of two, which the account pays for whole, if there is such a
    /// block and the account covers it. If not, it is of several that are no larger than it together, and costs a capability
    /// for each: what is free to the account can be had at once, in how many pieces it ever lies.
    /// </summary>
    /// <param name="size">Bytes, rounded up to pages; not 0.</param>
    /// <param name="account">Who pays; null for the server itself.</param>
    /// <param name="where">The physical memory it may lie in.</param>
    /// <param name="dataspace">The new dataspace.</param>
    public ChargeResult AllocateRam(ulong size, QuotaAccount* account, PhysicalWindow where, out Dataspace* dataspace)
    {
        ulong bytes = RoundUp(size);
        dataspace = null;
        if (bytes == 0)
        {
            return ChargeResult.OutOfRam;
        }
        dataspace = TryMakeWhole(bytes, account, where);
        return dataspace != null ? ChargeResult.Ok : MakeOfParts(bytes, account, where, out dataspace);
    }

    /// <returns>Null if the account does not cover the whole block, or there is none.</returns>
    private Dataspace* TryMakeWhole(ulong bytes, QuotaAccount* account, PhysicalWindow where)
    {
        ulong rounded = BitOperations.RoundUpToPowerOf2(bytes);
        Resources cost = DataspaceCost + new Resources(rounded, 0);
        if (rounded == 0 || (account != null && !account->TryCharge(cost)))
        {
            return null;
        }
        Dataspace* dataspace = TryAdd(account, default, bytes, FrameRights.All);
        UntypedBlock* block = dataspace == null ? null : Allocate(BitOperations.Log2(rounded), where);
        if (block != null && MakeFrame(block, bytes, &dataspace->First))
        {
            dataspace->Account = account;
            return dataspace;
        }
        if (dataspace != null)
        {
            RecordPool.Give(dataspace);
        }
        Refund(account, cost);
        return null;
    }

    private ChargeResult MakeOfParts(ulong bytes, QuotaAccount* account, PhysicalWindow where, out Dataspace* dataspace)
    {
        dataspace = null;
        Resources cost = DataspaceCost + new Resources(bytes, 0);
        ChargeResult result = account == null ? ChargeResult.Ok : account->Charge(cost);
        if (result != ChargeResult.Ok)
        {
            return result;
        }
        Dataspace* made = TryAdd(account, default, 0, FrameRights.All);
        result = made == null ? ChargeResult.OutOfRam : AddPart(made, &made->First, bytes, where);
        DataspacePart* last = made == null ? null : &made->First;
        while (result == ChargeResult.Ok && made->Size < bytes)
        {
            result = AddPaidPart(made, last, bytes - made->Size, account, where);
            cost += result == ChargeResult.Ok ? DataspaceCost : default;
            last = last->Next == null ? last : last->Next;
        }
        if (result == ChargeResult.Ok)
        {
            _memory->ForgetRefused();
            made->Account = account;
            dataspace = made;
            return result;
        }
        if (made != null)
        {
            GiveParts(made);
            RecordPool.Give(made);
        }
        Refund(account, cost);
        return result;
    }

    /// <summary>A part more, which costs a capability more; its memory is paid for.</summary>
    private ChargeResult AddPaidPart(
        Dataspace* dataspace,
        DataspacePart* last,
        ulong bytes,
        QuotaAccount* account,
        PhysicalWindow where
    )
    {
        ChargeResult result = account == null ? ChargeResult.Ok : account->Charge(DataspaceCost);
        if (result != ChargeResult.Ok)
        {
            return result;
        }
        DataspacePart* part = RecordsOf(account)->TryTake<DataspacePart>();
        result = part == null ? ChargeResult.OutOfRam : AddPart(dataspace, part, bytes, where);
        if (result == ChargeResult.Ok)
        {
            last->Next = part;
            return result;
        }
        if (part != null)
        {
            RecordPool.Give(part);
        }
        Refund(account, DataspaceCost);
        return result;
    }

    /// <summary>The largest block that is there and not larger than what is wanted, behind what the dataspace has.</summary>
    private ChargeResult AddPart(Dataspace* dataspace, DataspacePart* part, ulong wanted, PhysicalWindow where)
    {
        UntypedBlock* block = null;
        for (int bits = BitOperations.Log2(wanted); block == null && bits >= UntypedAllocator<TKernel>.PageBits; bits--)
        {
            block = Allocate(bits, where);
        }
        if (block == null)
        {
            _memory->NoteRefused(wanted);
            return ChargeResult.OutOfRam;
        }
        part->Offset = dataspace->Size;
        if (!MakeFrame(block, block->Bytes, part))
        {
            return ChargeResult.OutOfRam;
        }
        dataspace->Size += part->Size;
        return ChargeResult.Ok;
    }

    private UntypedBlock* Allocate(int bits, PhysicalWindow where) =>
        where.IsEverywhere ? _memory->TryAllocate(bits) : _memory->TryAllocateWithin(where.Start, where.End, bits);

    /// <summary>Makes a frame of a block, as long as is asked for.</summary>
    /// <returns>False, and the block is free again, if no slot is left.</returns>
    private bool MakeFrame(UntypedBlock* block, ulong bytes, DataspacePart* part)
    {
        CapabilitySlot slot = _slots->TryTake();
        bool made =
            !slot.IsNull
            && _kernel.Retype(block->Slot, ObjectRequest.Frame(bytes / UserLayout.PageSize), slot, 1) == Status.Ok;
        if (made)
        {
            part->Slot = slot;
            part->Block = block;
            part->Size = bytes;
            return true;
        }
        if (!slot.IsNull)
        {
            _slots->Give(slot);
        }
        _memory->Free(block);
        return false;
    }

    /// <summary>Gives the memory of a dataspace back, and what it cost.</summary>
    private void ReleaseParts(Dataspace* dataspace)
    {
        for (DataspacePart* part = &dataspace->First; part != null && part->Block != null; part = part->Next)
        {
            Refund(dataspace->Account, DataspaceCost + new Resources(part->Block->Bytes, 0));
        }
        GiveParts(dataspace);
    }

    private void GiveParts(Dataspace* dataspace)
    {
        GivePart(&dataspace->First);
        DataspacePart* next;
        for (DataspacePart* part = dataspace->First.Next; part != null; part = next)
        {
            next = part->Next;
            GivePart(part);
            RecordPool.Give(part);
        }
    }

    private void GivePart(DataspacePart* part)
    {
        if (part->Block != null)
        {
            // Revoking the block takes the frame itself, and every capability and mapping made from it, wherever it went.
            _memory->Free(part->Block);
        }
        else if (!part->Slot.IsNull)
        {
            _kernel.Delete(part->Slot);
        }
        if (!part->Slot.IsNull)
        {
            _slots->Give(part->Slot);
        }
    }

    private static void Refund(QuotaAccount* account, Resources resources)
    {
        if (account != null)
        {
            account->Refund(resources);
        }
    }
}
