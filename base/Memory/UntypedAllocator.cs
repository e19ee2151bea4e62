using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Memory;

/// <summary>
/// Buddy allocator over Untyped capabilities. A block is split by retyping two Untypeds of half its size in it. When
/// both halves are free again their capabilities are deleted, and the kernel lets the block be used anew.
/// </summary>
public unsafe struct UntypedAllocator<TKernel>
    where TKernel : unmanaged, IObjectKernel
{
    public const int PageBits = 12;
    private const int MaximumBits = 48;

    /// <summary>Protects the blocks, their trees and the free lists.</summary>
    private ExclusiveLock _lock;
    private TKernel _kernel;
    private SlotPool* _slots;
    private Slab<UntypedBlock>* _blocks;
    private UntypedBlock* _roots;
    private FreeLists _free;

    /// <summary>Bytes in free blocks, and in those that are kept for somebody.</summary>
    public ulong FreeBytes { get; private set; }

    /// <summary>Halves of split blocks: each has a slot and a record, as long as the other half is not free, too.</summary>
    public ulong Halves { get; private set; }

    /// <summary>Bytes of all roots.</summary>
    public ulong TotalBytes { get; private set; }

    /// <summary>Bytes of what was asked for last and was not there; 0 if all were.</summary>
    public ulong RefusedBytes { get; private set; }

    public void ForgetRefused() => RefusedBytes = 0;

    /// <summary>What was asked for in any number of blocks and was not there.</summary>
    public void NoteRefused(ulong bytes) => RefusedBytes = bytes;

    public void Initialise(TKernel kernel, SlotPool* slots, Slab<UntypedBlock>* blocks)
    {
        _kernel = kernel;
        _slots = slots;
        _blocks = blocks;
    }

    /// <summary>Gives the allocator an Untyped capability that nothing was made from.</summary>
    /// <returns>False if no record is left.</returns>
    public bool AddRoot(CapabilitySlot slot, ulong physicalBase, int sizeBits)
    {
        UntypedBlock* block = _blocks->TryTake();
        if (block == null)
        {
            return false;
        }
        block->Slot = slot;
        block->PhysicalBase = physicalBase;
        block->SizeBits = sizeBits;
        _lock.Acquire();
        block->NextRoot = _roots;
        _roots = block;
        TotalBytes += block->Bytes;
        Push(block);
        _lock.Release();
        return true;
    }

    /// <summary>
    /// A block of 2^<paramref name="sizeBits"/> bytes, at least a page; null if there is none. One that is kept for who pays
    /// comes first.
    /// </summary>
    public UntypedBlock* TryAllocate(int sizeBits, QuotaAccount* payer = null)
    {
        sizeBits = sizeBits < PageBits ? PageBits : sizeBits;
        KeptBlocks* kept = payer == null ? null : payer->Kept;
        _lock.Acquire();
        UntypedBlock* block = TakeKept(kept, sizeBits);
        block = block == null ? TakeFree(sizeBits) : block;
        if (block != null)
        {
            block->IsKept = kept != null;
        }
        _lock.Release();
        return block;
    }

    /// <summary>The lock is held.</summary>
    private UntypedBlock* TakeFree(int sizeBits)
    {
        UntypedBlock* block = Smallest(sizeBits);
        RefusedBytes = block == null ? 1ul << sizeBits : RefusedBytes;
        while (block != null && block->SizeBits > sizeBits)
        {
            block = Split(block) ? block->Lower : null;
        }
        Take(block);
        return block;
    }

    /// <summary>The block at this physical address, if it is free as a whole; null if not.</summary>
    public UntypedBlock* TryAllocateAt(ulong physical, int sizeBits)
    {
        _lock.Acquire();
        UntypedBlock* block = Root(physical);
        while (block != null && block->State != BlockState.Allocated && block->SizeBits > sizeBits)
        {
            bool split = block->State == BlockState.Split || Split(block);
            block = split ? Half(block, physical) : null;
        }
        bool found =
            block != null
            && block->State == BlockState.Free
            && block->SizeBits == sizeBits
            && block->PhysicalBase == physical;
        Take(found ? block : null);
        _lock.Release();
        return found ? block : null;
    }

    /// <summary>A block that lies between two physical addresses; null if none of that size is free there.</summary>
    public UntypedBlock* TryAllocateWithin(ulong start, ulong end, int sizeBits)
    {
        ulong size = 1ul << sizeBits;
        ulong first = 0;
        bool found = false;
        _lock.Acquire();
        for (int bits = sizeBits; bits < MaximumBits && !found; bits++)
        {
            for (UntypedBlock* block = _free[bits].First; block != null && !found; block = block->NextFree)
            {
                ulong lowest = block->PhysicalBase > start ? block->PhysicalBase : start;
                first = (lowest + size - 1) & ~(size - 1);
                ulong last = block->PhysicalBase + block->Bytes < end ? block->PhysicalBase + block->Bytes : end;
                found = first < last && size <= last - first;
            }
        }
        _lock.Release();
        // Another thread may take it meanwhile: then there is none, for this caller.
        return found ? TryAllocateAt(first, sizeBits) : null;
    }

    /// <summary>
    /// Takes a block back: everything made from it goes, in whatever address space or table it is. If it is one that is kept for
    /// who has paid, nobody else gets it.
    /// </summary>
    public void Free(UntypedBlock* block, QuotaAccount* payer = null)
    {
        _kernel.Revoke(block->Slot);
        _lock.Acquire();
        if (block->IsKept && payer != null && payer->Kept != null)
        {
            block->NextFree = payer->Kept->First;
            payer->Kept->First = block;
            FreeBytes += block->Bytes;
        }
        else
        {
            MakeFree(block);
        }
        _lock.Release();
    }

    /// <summary>What is left of what was kept for somebody is anybody's.</summary>
    public void GiveUp(KeptBlocks* kept)
    {
        _lock.Acquire();
        while (kept->First != null)
        {
            UntypedBlock* block = kept->First;
            kept->First = block->NextFree;
            FreeBytes -= block->Bytes;
            MakeFree(block);
        }
        _lock.Release();
    }

    private UntypedBlock* TakeKept(KeptBlocks* kept, int sizeBits)
    {
        if (kept == null)
        {
            return null;
        }
        UntypedBlock** link = &kept->First;
        while (*link != null && (*link)->SizeBits != sizeBits)
        {
            link = &(*link)->NextFree;
        }
        UntypedBlock* block = *link;
        if (block != null)
        {
            *link = block->NextFree;
            FreeBytes -= block->Bytes;
        }
        return block;
    }

    private void MakeFree(UntypedBlock* block)
    {
        block->IsKept = false;
        Push(block);
        while (block->Parent != null && block->Buddy->State == BlockState.Free)
        {
            block = Merge(block->Parent);
        }
    }

    private UntypedBlock* Smallest(int sizeBits)
    {
        for (int bits = sizeBits; bits < MaximumBits; bits++)
        {
            if (_free[bits].First != null)
            {
                return _free[bits].First;
            }
        }
        return null;
    }

    private UntypedBlock* Root(ulong physical)
    {
        UntypedBlock* root = _roots;
        while (root != null && !root->Contains(physical))
        {
            root = root->NextRoot;
        }
        return root;
    }

    private static UntypedBlock* Half(UntypedBlock* block, ulong physical) =>
        block->Lower->Contains(physical) ? block->Lower : block->Lower->Buddy;

    /// <summary>Makes two free halves of a free block.</summary>
    /// <returns>False, with nothing changed, if records or slots are used up.</returns>
    private bool Split(UntypedBlock* block)
    {
        UntypedBlock* lower = _blocks->TryTake();
        UntypedBlock* upper = _blocks->TryTake();
        CapabilitySlot slots = _slots->TryTakeRun(2);
        bool made =
            lower != null
            && upper != null
            && !slots.IsNull
            && _kernel.Retype(block->Slot, ObjectRequest.Untyped(block->SizeBits - 1), slots, 2) == Status.Ok;
        if (!made)
        {
            GiveHalves(lower, upper, slots);
            return false;
        }
        Remove(block);
        Halves += 2;
        block->State = BlockState.Split;
        block->Lower = lower;
        AddHalf(block, lower, upper, slots, block->PhysicalBase);
        AddHalf(block, upper, lower, slots.Next(), block->PhysicalBase + block->Bytes / 2);
        return true;
    }

    private void AddHalf(
        UntypedBlock* parent,
        UntypedBlock* half,
        UntypedBlock* buddy,
        CapabilitySlot slot,
        ulong physical
    )
    {
        half->Parent = parent;
        half->Buddy = buddy;
        half->Slot = slot;
        half->SizeBits = parent->SizeBits - 1;
        half->PhysicalBase = physical;
        Push(half);
    }

    /// <summary>Makes one free block of a split block whose halves are free.</summary>
    private UntypedBlock* Merge(UntypedBlock* block)
    {
        UntypedBlock* lower = block->Lower;
        UntypedBlock* upper = lower->Buddy;
        Remove(lower);
        Remove(upper);
        Halves -= 2;
        _kernel.Delete(lower->Slot);
        _kernel.Delete(upper->Slot);
        CapabilitySlot slots = lower->Slot;
        block->Lower = null;
        GiveHalves(lower, upper, slots);
        Push(block);
        return block;
    }

    private void GiveHalves(UntypedBlock* lower, UntypedBlock* upper, CapabilitySlot slots)
    {
        if (lower != null)
        {
            _blocks->Give(lower);
        }
        if (upper != null)
        {
            _blocks->Give(upper);
        }
        if (!slots.IsNull)
        {
            _slots->GiveRun(slots, 2);
        }
    }

    private void Take(UntypedBlock* block)
    {
        if (block != null)
        {
            Remove(block);
            block->State = BlockState.Allocated;
        }
    }

    private void Push(UntypedBlock* block)
    {
        ref FreeList list = ref _free[block->SizeBits];
        block->State = BlockState.Free;
        block->PreviousFree = null;
        block->NextFree = list.First;
        if (list.First != null)
        {
            list.First->PreviousFree = block;
        }
        list.First = block;
        FreeBytes += block->Bytes;
    }

    private void Remove(UntypedBlock* block)
    {
        if (block->PreviousFree != null)
        {
            block->PreviousFree->NextFree = block->NextFree;
        }
        else
        {
            _free[block->SizeBits].First = block->NextFree;
        }
        if (block->NextFree != null)
        {
            block->NextFree->PreviousFree = block->PreviousFree;
        }
        FreeBytes -= block->Bytes;
    }

    private struct FreeList
    {
        public UntypedBlock* First;
    }

    /// <summary>One list for each size, indexed by log2 of the bytes.</summary>
    [InlineArray(MaximumBits)]
    private struct FreeLists
    {
        private FreeList _list;
    }
}
