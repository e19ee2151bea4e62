using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>Makes frames of memory that the cluster does not own: other clusters' and devices'. core's alone.</summary>
public readonly struct MemoryControlCapability(CapabilitySlot slot)
{
    public CapabilitySlot Slot { get; } = slot;

    public Status MakeFrame(CapTableCapability table, CapabilitySlot destination, ulong physicalAddress, ulong pages) =>
        Invocation.Invoke(
            Slot,
            (ulong)MemoryControlOperation.MakeFrame,
            Invocation.Pack(table.Slot, destination),
            physicalAddress,
            pages
        );
}
