using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Startup;

/// <summary>Which slots of the stack area are free. Slot 0 is the main thread's.</summary>
public static class StackSlots
{
    private const uint First = 1;
    private static UserLock _lock;

    /// <summary>Protected by <see cref="_lock"/>, as are the others.</summary>
    private static SlotAllocator _allocator;
    private static bool _isInitialised;

    /// <summary>Virtual address of a slot: a multiple of its size.</summary>
    public static ulong Base(uint slot) => UserLayout.StackAreaBase + slot * UserLayout.StackSlotSize;

    public static bool TryAllocate(out uint slot)
    {
        _lock.Acquire();
        if (!_isInitialised)
        {
            _allocator.Initialise(First, (uint)UserLayout.StackAreaSlots);
            _isInitialised = true;
        }
        bool found = _allocator.TryAllocate(1, out CapabilitySlot free);
        _lock.Release();
        slot = free.Value;
        return found;
    }

    public static void Free(uint slot)
    {
        _lock.Acquire();
        _allocator.Free(new CapabilitySlot(slot));
        _lock.Release();
    }
}
