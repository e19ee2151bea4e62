using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>The root of a tree of page tables, and who answers for its faults.</summary>
public readonly struct AddressSpaceCapability(CapabilitySlot slot) : ITypedCapability<AddressSpaceCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static AddressSpaceCapability FromCapability(Capability capability) => new(capability.Slot);

    /// <summary>Slot i of the table holds the endpoint for faults on CPU i of the cluster.</summary>
    public Status SetFaultTable(CapTableCapability table) =>
        Invocation.Invoke(Slot, (ulong)AddressSpaceOperation.SetFaultTable, table.Slot.Value);

    /// <summary>What is mapped at a virtual address, and with which rights.</summary>
    public Status Query(ulong address, out ulong physicalAddress, out FrameRights rights)
    {
        Status status = QueryPage(address, out physicalAddress, out PageAttributes attributes);
        rights = attributes.Rights;
        return status;
    }

    /// <summary>What is mapped at a virtual address.</summary>
    /// <param name="address">Any in the page.</param>
    /// <param name="physicalAddress">Where its 4 KiB lie.</param>
    /// <param name="attributes">Of the page that they are in.</param>
    public Status QueryPage(ulong address, out ulong physicalAddress, out PageAttributes attributes)
    {
        Status status = Invocation.Invoke(
            Slot,
            (ulong)AddressSpaceOperation.Query,
            address,
            0,
            0,
            0,
            out InvocationResult result
        );
        physicalAddress = result.Word0;
        attributes = new PageAttributes((uint)result.Word1);
        return status;
    }
}
