using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>One table of the tree below an address space.</summary>
public readonly struct PageTableCapability(CapabilitySlot slot) : ITypedCapability<PageTableCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static PageTableCapability FromCapability(Capability capability) => new(capability.Slot);

    /// <summary>Level 3 spans 512 GiB, 2 spans 1 GiB, 1 spans 2 MiB; the level above must be there.</summary>
    public Status Map(AddressSpaceCapability space, ulong address, int level) =>
        Invocation.Invoke(Slot, (ulong)PageTableOperation.Map, space.Slot.Value, address, (ulong)level);

    /// <summary>Take the table and all that is mapped below it out of its address space.</summary>
    public Status Unmap() => Invocation.Invoke(Slot, (ulong)PageTableOperation.Unmap);
}
