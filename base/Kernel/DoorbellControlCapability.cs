using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>Makes doorbells; core's alone.</summary>
public readonly struct DoorbellControlCapability(CapabilitySlot slot)
{
    public CapabilitySlot Slot { get; } = slot;

    /// <summary>A doorbell that rings at the CPU with this APIC id.</summary>
    public Status Make(CapTableCapability table, CapabilitySlot destination, uint apicId) =>
        Invocation.Invoke(Slot, (ulong)DoorbellControlOperation.Make, Invocation.Pack(table.Slot, destination), apicId);
}
