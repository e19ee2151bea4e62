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

    /// <summary>Protects the list; pagers add page tables while the entrypoint adds other objects.</summary>
    private ExclusiveLock _lock;
    private Server* _server;
    private QuotaAccount* _account;
    private Chunk* _chunks;

    public void Initialise(Server* server, QuotaAccount* account)
    {
        _server = server;
        _account = account;
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
        Status status = _chunks == null ? Status.OutOfMemory : Make(request, slot);
        if (status == Status.OutOfMemory && Grow(bits > BlockBits ? bits : BlockBits))
        {
            status = Make(request, slot);
        }
        if (status == Status.Ok)
        {
            Remember(slot);
        }
        _lock.Release();
        if (status != Status.Ok)
        {
            _server->Slots.Give(slot);
            return default;
        }
        return slot;
    }

    /// <summary>Destroys all objects and gives their memory, slots and quota back.</summary>
    public void DestroyAll()
    {
        while (_chunks != null)
        {
            Chunk* chunk = _chunks;
            _chunks = chunk->Next;
            ulong bytes = chunk->Block->Bytes;
            _server->Untyped.Free(chunk->Block);
            for (uint i = 0; i < chunk->SlotCount; i++)
            {
                _server->Slots.Give(new CapabilitySlot(chunk->Slots[(int)i]));
            }
            _account->Refund(new Resources(bytes, 0));
            _server->Chunks.Give(chunk);
        }
    }

    private readonly Status Make(in ObjectRequest request, CapabilitySlot slot)
    {
        if (_chunks->SlotCount == Chunk.MaximumSlots)
        {
            return Status.OutOfMemory;
        }
        return new ServerKernel(null).Retype(_chunks->Block->Slot, request, slot, 1);
    }

    private readonly void Remember(CapabilitySlot slot)
    {
        _chunks->Slots[(int)_chunks->SlotCount] = slot.Value;
        _chunks->SlotCount++;
    }

    private bool Grow(int bits)
    {
        var cost = new Resources(1ul << bits, 0);
        if (_account->Charge(cost) != ChargeResult.Ok)
        {
            return false;
        }
        Chunk* chunk = _server->Chunks.TryTake();
        UntypedBlock* block = chunk == null ? null : _server->Untyped.TryAllocate(bits);
        if (block == null)
        {
            if (chunk != null)
            {
                _server->Chunks.Give(chunk);
            }
            _account->Refund(cost);
            return false;
        }
        chunk->Block = block;
        chunk->Next = _chunks;
        _chunks = chunk;
        return true;
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
