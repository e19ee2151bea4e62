using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.Servers.Objects;

/// <summary>
/// Kernel objects that live and go together: those of one protection domain. They are made one behind the other in
/// blocks of untyped memory; revoking the blocks destroys them all.
/// </summary>
public unsafe struct KernelObjects
{
    private const int BlockBits = 14;

    /// <summary>Protects the list and what was charged; pagers add page tables while the entrypoint adds other objects.</summary>
    private ExclusiveLock _lock;
    private Server* _server;
    private QuotaAccount* _account;

    /// <summary>
    /// The block that came first, which has a record here: the page table that other records are seen by lies in it. Made
    /// before any of them, destroyed after all.
    /// </summary>
    private Chunk _first;

    /// <summary>The others, the one that came last first.</summary>
    private Chunk* _chunks;

    /// <summary>Capabilities that objects were paid with.</summary>
    private ulong _charged;

    public void Initialise(Server* server, QuotaAccount* account)
    {
        _server = server;
        _account = account;
    }

    /// <summary>Makes an object of at most a page, at the price of a capability as well.</summary>
    /// <returns>OutOfRam if the account or the server has no memory left, or the server no slot.</returns>
    public ChargeResult TryMakeCharged(in ObjectRequest request, out CapabilitySlot slot)
    {
        var price = new Resources(0, 1);
        slot = default;
        ChargeResult result = _account->Charge(price);
        if (result != ChargeResult.Ok)
        {
            return result;
        }
        slot = TryMake(request);
        if (slot.IsNull)
        {
            _account->Refund(price);
            return ChargeResult.OutOfRam;
        }
        _lock.Acquire();
        _charged++;
        _lock.Release();
        return ChargeResult.Ok;
    }

    /// <summary>Makes an object of at most 2^<paramref name="bits"/> bytes; null slot if something is used up.</summary>
    public CapabilitySlot TryMake(in ObjectRequest request, int bits = 0)
    {
        CapabilitySlot slot = _server->Slots.TryTake();
        if (slot.IsNull)
        {
            return default;
        }
        _lock.Acquire();
        Status status = MakeSomewhere(request, slot, bits > BlockBits ? bits : BlockBits);
        _lock.Release();
        if (status != Status.Ok)
        {
            _server->Slots.Give(slot);
            return default;
        }
        return slot;
    }

    /// <summary>Destroys all objects but the first ones and gives their memory, slots and quota back.</summary>
    public void DestroyLater()
    {
        while (_chunks != null)
        {
            Chunk* chunk = _chunks;
            _chunks = chunk->Next;
            Empty(ref *chunk);
            RecordPool.Give(chunk);
        }
    }

    /// <summary>Destroys what is left. No record is left then that the domain paid for.</summary>
    public void DestroyFirst()
    {
        if (_first.Block != null)
        {
            Empty(ref _first);
            _first = default;
        }
        _account->Refund(new Resources(0, _charged));
        _charged = 0;
    }

    private readonly void Empty(ref Chunk chunk)
    {
        ulong bytes = chunk.Block->Bytes;
        _server->Untyped.Free(chunk.Block, _account);
        for (uint i = 0; i < chunk.SlotCount; i++)
        {
            _server->Mapping.Hazards.Retire(new CapabilitySlot(chunk.Slots[(int)i]));
        }
        _account->Refund(new Resources(bytes, 0));
    }

    /// <summary>In the block that came last, the first one, or one more; the lock is held.</summary>
    private Status MakeSomewhere(in ObjectRequest request, CapabilitySlot slot, int bits)
    {
        Status status = _chunks == null ? Status.OutOfMemory : Make(ref *_chunks, request, slot);
        if (status == Status.OutOfMemory)
        {
            status = Make(ref _first, request, slot);
        }
        if (status != Status.OutOfMemory)
        {
            return status;
        }
        if (_first.Block == null)
        {
            return TryFill(ref _first, bits) ? Make(ref _first, request, slot) : status;
        }
        Chunk* chunk = _account->Records.TryTake<Chunk>();
        if (chunk == null)
        {
            return status;
        }
        if (!TryFill(ref *chunk, bits))
        {
            RecordPool.Give(chunk);
            return status;
        }
        chunk->Next = _chunks;
        _chunks = chunk;
        return Make(ref *chunk, request, slot);
    }

    private static Status Make(ref Chunk chunk, in ObjectRequest request, CapabilitySlot slot)
    {
        if (chunk.Block == null || chunk.SlotCount == Chunk.MaximumSlots)
        {
            return Status.OutOfMemory;
        }
        Status status = new ServerKernel(null).Retype(chunk.Block->Slot, request, slot, 1);
        if (status == Status.Ok)
        {
            chunk.Slots[(int)chunk.SlotCount] = slot.Value;
            chunk.SlotCount++;
        }
        return status;
    }

    /// <summary>
    /// With a block of that size or, where memory is in pieces, which any of those who share it may have brought about, with a
    /// page: most objects fit in one.
    /// </summary>
    private readonly bool TryFill(ref Chunk chunk, int bits) =>
        TryFillWith(ref chunk, bits)
        || (bits == BlockBits && TryFillWith(ref chunk, UntypedAllocator<ServerKernel>.PageBits));

    private readonly bool TryFillWith(ref Chunk chunk, int bits)
    {
        var cost = new Resources(1ul << bits, 0);
        if (_account->Charge(cost) != ChargeResult.Ok)
        {
            return false;
        }
        chunk.Block = _server->Untyped.TryAllocate(bits, _account);
        if (chunk.Block == null)
        {
            _account->Refund(cost);
        }
        return chunk.Block != null;
    }

    /// <summary>One block and the slots of what was made in it.</summary>
    public struct Chunk
    {
        public const int MaximumSlots = 48;

        internal Chunk* Next;
        internal UntypedBlock* Block;
        internal uint SlotCount;
        internal SlotList Slots;

        [System.Runtime.CompilerServices.InlineArray(MaximumSlots)]
        internal struct SlotList
        {
            private uint _slot;
        }
    }
}
