namespace Skerry.Base.Kernel;

/// <summary>The free slots of the component's own capability table, for all its threads.</summary>
public static class CapabilitySlots
{
    private static UserLock ownLock;

    /// <summary>Protected by <see cref="_lock"/>.</summary>
    private static SlotAllocator allocator;

    /// <summary>Called once at start, before there are other threads: the slots from first up to limit are free.</summary>
    public static void Initialise(uint first, uint limit) => allocator.Initialise(first, limit);

    /// <summary>Slots that are free now.</summary>
    public static int FreeCount => allocator.FreeCount;

    /// <summary>Takes one empty slot.</summary>
    public static bool TryAllocate(out CapabilitySlot slot) => TryAllocate(1, out slot);

    /// <summary>Takes consecutive empty slots, 1 to <see cref="SlotAllocator.MaximumRun"/>.</summary>
    public static bool TryAllocate(int count, out CapabilitySlot first)
    {
        ownLock.Acquire();
        bool found = allocator.TryAllocate(count, out first);
        ownLock.Release();
        return found;
    }

    /// <summary>Gives back a slot that is empty.</summary>
    public static void Free(CapabilitySlot slot)
    {
        ownLock.Acquire();
        allocator.Free(slot);
        ownLock.Release();
    }

    /// <summary>Deletes the capability in a slot and gives the slot back; the null slot is ignored.</summary>
    public static void Release(CapabilitySlot slot)
    {
        if (!slot.IsNull)
        {
            CapTableCapability.Own.Delete(slot);
            Free(slot);
        }
    }
}
