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

    /// <summary>Map pages of 4 KiB, write-back.</summary>
    public Status Map(
        AddressSpaceCapability space,
        FrameRights rights,
        ulong address,
        ulong offset,
        uint pages,
        out ulong detail
    ) => Map(space, PageAttributes.Of(rights), address, offset, pages, out detail);

    /// <summary>
    /// Map pages of this frame; one that is mapped already gets the new attributes.
    /// </summary>
    /// <param name="space">Where to.</param>
    /// <param name="attributes">Size, cacheability, and rights: at most those of this capability.</param>
    /// <param name="address">Virtual address of the first page, a multiple of its size.</param>
    /// <param name="offset">Where that page lies in the frame, bytes; physically a multiple of its size.</param>
    /// <param name="pages">1 to <see cref="CallLimits.Pages"/> of the size.</param>
    /// <param name="detail">
    /// After Ok: pages mapped, fewer than asked for at the end of a page table. After MissingPageTable: its level.
    /// </param>
    public Status Map(
        AddressSpaceCapability space,
        PageAttributes attributes,
        ulong address,
        ulong offset,
        uint pages,
        out ulong detail
    )
    {
        Status status = Invocation.Invoke(
            Slot,
            (ulong)FrameOperation.Map,
            Invocation.Pack(space.Slot.Value, attributes.Value),
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
        Invocation.Invoke(
            Slot,
            (ulong)FrameOperation.Derive,
            Invocation.Pack(table.AsArgument, destination.Value),
            offset,
            pages
        );

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
