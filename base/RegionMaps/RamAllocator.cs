using System.Numerics;
using Skerry.Abi;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// Makes dataspaces of zeroed memory, and takes them back. One per server. A dataspace is one block, a power of two, which
/// the account pays for whole, if there is such a block and the account covers it. If not, it is of several that are no
/// larger than it together, and costs a capability for each: what is free to the account can be had at once, in how many
/// pieces it ever lies.
/// </summary>
/// <remarks>
/// Zeroing takes as long as the memory is large. A server that must not be away for long begins a request and goes on with
/// it for a bounded amount of work at a time; what it uses itself it allocates at once.
/// </remarks>
public unsafe partial struct RamAllocator<TKernel>
    where TKernel : unmanaged, IMappingKernel
{
    /// <summary>Bytes that could be zeroed in the time that a part takes, to be found and made a frame of.</summary>
    private const ulong WorkOfPart = 16 * UserLayout.PageSize;

    private TKernel _kernel;
    private SlotPool* _slots;
    private UntypedAllocator<TKernel>* _memory;

    /// <summary>For what no account with records of its own pays for.</summary>
    private RecordPool* _ownRecords;

    /// <summary>What a dataspace costs beyond its memory, for each of its parts.</summary>
    public static Resources PartCost => new(0, 1);

    public void Initialise(TKernel kernel, RecordPool* ownRecords, SlotPool* slots, UntypedAllocator<TKernel>* memory)
    {
        _kernel = kernel;
        _slots = slots;
        _memory = memory;
        _ownRecords = ownRecords;
    }

    /// <summary>All at once, however long it takes.</summary>
    /// <param name="size">Bytes, rounded up to pages; not 0.</param>
    /// <param name="account">Who pays; null for the server itself.</param>
    /// <param name="where">The physical memory it may lie in.</param>
    /// <param name="dataspace">The new dataspace.</param>
    public ChargeResult Allocate(ulong size, QuotaAccount* account, PhysicalWindow where, out Dataspace* dataspace)
    {
        ChargeResult result = Begin(size, account, where, out RamRequest request);
        if (result == ChargeResult.Ok)
        {
            result = GoOn(ref request, ulong.MaxValue);
        }
        dataspace = request.Made;
        return result;
    }

    /// <summary>Pays for a dataspace. Nothing of it is ready.</summary>
    /// <returns>If not Ok, nothing has changed.</returns>
    public ChargeResult Begin(ulong size, QuotaAccount* account, PhysicalWindow where, out RamRequest request)
    {
        request = default;
        request.Bytes = RamRequest.RoundUp(size);
        request.Account = account;
        request.Where = where;
        if (request.Bytes == 0)
        {
            return ChargeResult.OutOfRam;
        }
        return TryBeginWhole(ref request) ? ChargeResult.Ok : BeginParts(ref request);
    }

    /// <summary>Goes on with a request for a while.</summary>
    /// <param name="request">When it is ready, its dataspace is the caller's.</param>
    /// <param name="work">As many bytes are zeroed at most.</param>
    /// <returns>If not Ok, it has failed, and nothing is left of it.</returns>
    public ChargeResult GoOn(ref RamRequest request, ulong work)
    {
        while (work != 0 && !request.IsReady)
        {
            ChargeResult result = request.IsPreparing ? Prepare(ref request, ref work) : AddPart(ref request, ref work);
            if (result != ChargeResult.Ok)
            {
                Cancel(ref request);
                return result;
            }
        }
        if (request.IsReady)
        {
            request.Made->Account = request.Account;
            _memory->ForgetRefused();
        }
        return ChargeResult.Ok;
    }

    /// <summary>Gives back all that a request has, which is not ready.</summary>
    public void Cancel(ref RamRequest request)
    {
        if (request.Made != null)
        {
            GiveParts(request.Made);
            RecordPool.Give(request.Made);
        }
        QuotaAccount.Refund(request.Account, request.Paid);
        request.Made = null;
        request.Last = null;
        request.Paid = default;
    }

    /// <summary>Gives the memory of a dataspace back that is attached nowhere, and what it cost, and its record.</summary>
    public void Free(Dataspace* dataspace)
    {
        for (DataspacePart* part = &dataspace->First; part != null && part->Block != null; part = part->Next)
        {
            QuotaAccount.Refund(dataspace->Account, PartCost + new Resources(part->Block->Bytes, 0));
        }
        GiveParts(dataspace);
        RecordPool.Give(dataspace);
    }

    /// <returns>False if the account does not cover the whole block, or there is none; nothing has changed.</returns>
    private bool TryBeginWhole(ref RamRequest request)
    {
        ulong rounded = BitOperations.RoundUpToPowerOf2(request.Bytes);
        Resources cost = PartCost + new Resources(rounded, 0);
        if (rounded == 0 || (request.Account != null && !request.Account->TryCharge(cost)))
        {
            return false;
        }
        request.Paid = cost;
        Dataspace* made = RecordPool.For(request.Account, _ownRecords)->TryTake<Dataspace>();
        request.Made = made;
        if (made != null && TryTake(ref request, &made->First, BitOperations.Log2(rounded), request.Bytes))
        {
            made->Rights = FrameRights.All;
            return true;
        }
        Cancel(ref request);
        return false;
    }

    private ChargeResult BeginParts(ref RamRequest request)
    {
        Resources cost = PartCost + new Resources(request.Bytes, 0);
        ChargeResult result = request.Account == null ? ChargeResult.Ok : request.Account->Charge(cost);
        if (result != ChargeResult.Ok)
        {
            return result;
        }
        request.Paid = cost;
        request.Made = RecordPool.For(request.Account, _ownRecords)->TryTake<Dataspace>();
        if (request.Made == null)
        {
            Cancel(ref request);
            return ChargeResult.OutOfRam;
        }
        request.Made->Rights = FrameRights.All;
        return ChargeResult.Ok;
    }
}
