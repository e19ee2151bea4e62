using System.Numerics;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

public unsafe partial struct RamAllocator<TKernel>
{
    /// <summary>Zeroes some of the last part, or makes a frame of it.</summary>
    private ChargeResult Prepare(ref RamRequest request, ref ulong work)
    {
        DataspacePart* part = request.Last;
        ulong rest = part->Size - request.Zeroed;
        if (rest > work)
        {
            request.Zeroed += work;
            work = 0;
            return _kernel.Zero(part->Block->Slot, request.Zeroed) == Status.Ok
                ? ChargeResult.Ok
                : ChargeResult.OutOfRam;
        }
        // The kernel zeroes what is left.
        var frame = ObjectRequest.Frame(part->Size / UserLayout.PageSize);
        if (_kernel.Retype(part->Block->Slot, frame, part->Slot, 1) != Status.Ok)
        {
            return ChargeResult.OutOfRam;
        }
        work -= rest;
        request.Made->Size += part->Size;
        return ChargeResult.Ok;
    }

    /// <summary>One more part gets memory: the largest block that is there and not larger than what is wanted.</summary>
    private ChargeResult AddPart(ref RamRequest request, ref ulong work)
    {
        work -= work < WorkOfPart ? work : WorkOfPart;
        if (request.Last == null)
        {
            return TryTakeLargest(ref request, &request.Made->First) ? ChargeResult.Ok : ChargeResult.OutOfRam;
        }
        // Its memory is paid for, but not its capability.
        ChargeResult result = request.Account == null ? ChargeResult.Ok : request.Account->Charge(PartCost);
        if (result != ChargeResult.Ok)
        {
            return result;
        }
        request.Paid += PartCost;
        DataspacePart* last = request.Last;
        DataspacePart* part = RecordPool.For(request.Account, _ownRecords)->TryTake<DataspacePart>();
        if (part != null && TryTakeLargest(ref request, part))
        {
            last->Next = part;
            return ChargeResult.Ok;
        }
        if (part != null)
        {
            RecordPool.Give(part);
        }
        return ChargeResult.OutOfRam;
    }

    private bool TryTakeLargest(ref RamRequest request, DataspacePart* part)
    {
        ulong wanted = request.Bytes - request.Made->Size;
        for (int bits = BitOperations.Log2(wanted); bits >= UntypedAllocator<TKernel>.PageBits; bits--)
        {
            if (TryTake(ref request, part, bits, 1ul << bits))
            {
                return true;
            }
        }
        _memory->NoteRefused(wanted);
        return false;
    }

    /// <summary>Memory and a slot for a part, so long and behind what there is.</summary>
    private bool TryTake(ref RamRequest request, DataspacePart* part, int bits, ulong bytes)
    {
        PhysicalWindow where = request.Where;
        CapabilitySlot slot = _slots->TryTake();
        UntypedBlock* block = null;
        if (!slot.IsNull)
        {
            block = where.IsEverywhere
                ? _memory->TryAllocate(bits, request.Account)
                : _memory->TryAllocateWithin(where.Start, where.End, bits);
        }
        if (block == null)
        {
            if (!slot.IsNull)
            {
                _slots->Give(slot);
            }
            return false;
        }
        *part = new DataspacePart
        {
            Slot = slot,
            Block = block,
            Offset = request.Made->Size,
            Size = bytes,
        };
        request.Last = part;
        request.Zeroed = 0;
        return true;
    }

    private void GiveParts(Dataspace* dataspace)
    {
        GivePart(&dataspace->First, dataspace->Account);
        DataspacePart* next;
        for (DataspacePart* part = dataspace->First.Next; part != null; part = next)
        {
            next = part->Next;
            GivePart(part, dataspace->Account);
            RecordPool.Give(part);
        }
    }

    private void GivePart(DataspacePart* part, QuotaAccount* payer)
    {
        if (part->Block != null)
        {
            // Revoking the block takes the frame itself, and every capability and mapping made from it, wherever it went.
            _memory->Free(part->Block, payer);
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
}
