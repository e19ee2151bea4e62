using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>Rings at one CPU of another cluster. No payload: what it is about stands in channel memory.</summary>
public readonly struct DoorbellCapability(CapabilitySlot slot) : ITypedCapability<DoorbellCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static DoorbellCapability FromCapability(Capability capability) => new(capability.Slot);

    public Status Ring()
    {
        var frame = new SystemCallFrame { Number = (ulong)SystemCall.Signal, Address = Slot.Value };
        return SystemCalls.Trap(ref frame);
    }
}
