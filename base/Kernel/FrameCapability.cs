using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>
/// A run of 4 KiB pages. Each capability has one window: the address space and address its page 0 is mapped at. To map a
/// frame twice, copy the capability.
/// </summary>
public readonly struct FrameCapability(CapabilitySlot slot) : ITypedCapability<FrameCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static FrameCapability FromCapability(Capability capability) => new(capability.Slot);

    /// <summary>
    /// Map pages of this frame.
    /// </summary>
    /// <param name="space">Where to.</param>
    /// <param name="rights">At most those of this capability.</param>
    /// <param name="address">Virtual address of the first page.</param>
    /// <param name="offset">Where that page lies in the frame, bytes.</param>
    /// <param name="pages">1 to 512.</param>
    /// <param name="detail">
    /// After Ok: pages mapped, fewer than asked for at the end of a page table. After MissingPageTable: its level.
    /// </param>
    public Status Map(
        AddressSpaceCapability space,
        FrameRights rights,
        ulong address,
        ulong offset,
        uint pages,
        out ulong detail
    )
    {
        Status status = Invocation.Invoke(
            Slot,
            (ulong)FrameOperation.Map,
            Invocation.Pack(space.Slot.Value, (uint)rights),
            address,
            offset,
            pages,
            out InvocationResult result
        );
        detail = result.Word0;
        return status;
    }

    /// <summary>Take every page of the window out of its address space and forget the window.</summary>
    public Status Unmap() => Invocation.Invoke(Slot, (ulong)FrameOperation.Unmap);

    /// <summary>A capability to a part of this frame: <paramref name="offset"/> in bytes.</summary>
    public Status Derive(CapTableCapability table, CapabilitySlot destination, ulong offset, ulong pages) =>
        Invocation.Invoke(Slot, (ulong)FrameOperation.Derive, Invocation.Pack(table.Slot, destination), offset, pages);

    /// <summary>Physical address, pages, and virtual address of the window (0: none).</summary>
    public Status Query(out ulong physicalAddress, out ulong pages, out ulong windowAddress)
    {
        Status status = Invocation.Invoke(Slot, (ulong)FrameOperation.Query, 0, 0, 0, 0, out InvocationResult result);
        physicalAddress = result.Word0;
        pages = result.Word1;
        windowAddress = result.Word2;
        return status;
    }
}
