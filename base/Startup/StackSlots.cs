using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Startup;

/// <summary>Which slots of the stack area are free. Slot 0 is the main thread's.</summary>
public static class StackSlots
{
    private const uint First = 1;
    private static UserLock ownLock;

    /// <summary>Protected by <see cref="_lock"/>, as are the others.</summary>
    private static SlotAllocator allocator;
    private static bool isInitialised;

    /// <summary>Virtual address of a slot: a multiple of its size.</summary>
    public static ulong Base(uint slot) => UserLayout.StackAreaBase + slot * UserLayout.StackSlotSize;

    public static bool TryAllocate(out uint slot)
    {
        ownLock.Acquire();
        if (!isInitialised)
        {
            allocator.Initialise(First, (uint)UserLayout.StackAreaSlots);
            isInitialised = true;
        }
        bool found = allocator.TryAllocate(1, out CapabilitySlot free);
        ownLock.Release();
        slot = free.Value;
        return found;
    }

    public static void Free(uint slot)
    {
        ownLock.Acquire();
        allocator.Free(new CapabilitySlot(slot));
        ownLock.Release();
    }
}
