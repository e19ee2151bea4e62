using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.Servers;

/// <summary>
/// Reply objects for callers that are answered later: deferred faults, sessions that wait for their service. Made a page
/// at a time and kept, for the next caller that has to wait.
/// </summary>
public unsafe struct ReplyPool
{
    private const uint RepliesPerBlock = 32;
    private const int Capacity = 1024;

    /// <summary>Protects the free ones.</summary>
    private ExclusiveLock _lock;
    private SlotPool* _slots;
    private UntypedAllocator<ServerKernel>* _memory;
    private int _count;
    private FreeSlots _free;

    public void Initialise(SlotPool* slots, UntypedAllocator<ServerKernel>* memory)
    {
        _slots = slots;
        _memory = memory;
    }

    /// <summary>A Reply object that holds nobody; the null slot if memory or slots are used up.</summary>
    public CapabilitySlot TryTake()
    {
        _lock.Acquire();
        if (_count == 0)
        {
            Grow();
        }
        CapabilitySlot taken = _count == 0 ? default : new CapabilitySlot(_free[--_count]);
        _lock.Release();
        return taken;
    }

    public void Give(CapabilitySlot reply)
    {
        _lock.Acquire();
        if (_count < Capacity)
        {
            _free[_count++] = reply.Value;
        }
        _lock.Release();
    }

    private void Grow()
    {
        UntypedBlock* block = _memory->TryAllocate(UntypedAllocator<ServerKernel>.PageBits);
        CapabilitySlot first = block == null ? default : _slots->TryTakeRun((int)RepliesPerBlock);
        Status status = first.IsNull
            ? Status.OutOfMemory
            : new UntypedCapability(block->Slot).Retype(
                ObjectType.Reply,
                0,
                0,
                RepliesPerBlock,
                CapTableCapability.Own,
                first,
                0
            );
        for (uint i = 0; i < RepliesPerBlock && status == Status.Ok; i++)
        {
            _free[_count++] = first.Next(i).Value;
        }
    }

    [InlineArray(Capacity)]
    private struct FreeSlots
    {
        private uint _slot;
    }
}
