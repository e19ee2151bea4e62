namespace Skerry.Base.Kernel;

/// <summary>
/// The free slots of the component's own capability table, for all its threads. Each call that brings a capability takes
/// some: there is no lock, which a thread that is destroyed or waits for its turn could hold.
/// </summary>
public static class CapabilitySlots
{
    private static SlotAllocator allocator;

    /// <summary>Called once at start, before there are other threads: the slots from first up to limit are free.</summary>
    public static void Initialise(uint first, uint limit) => allocator.Initialise(first, limit);

    /// <summary>Slots that are free now.</summary>
    public static int FreeCount => allocator.FreeCount;

    /// <summary>Takes one empty slot.</summary>
    public static bool TryAllocate(out CapabilitySlot slot) => TryAllocate(1, out slot);

    /// <summary>Takes consecutive empty slots, 1 to <see cref="SlotAllocator.MaximumRun"/>.</summary>
    public static bool TryAllocate(int count, out CapabilitySlot first) => allocator.TryAllocate(count, out first);

    /// <summary>Gives back a slot that is empty.</summary>
    public static void Free(CapabilitySlot slot) => allocator.Free(slot);

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
