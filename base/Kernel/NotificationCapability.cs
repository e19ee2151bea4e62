using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>A word of bits: signals set those of the capability's badge, a wait takes them all.</summary>
public readonly struct NotificationCapability(CapabilitySlot slot) : ITypedCapability<NotificationCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static NotificationCapability FromCapability(Capability capability) => new(capability.Slot);

    public Status Signal() => Trap(SystemCall.Signal, out _);

    /// <summary>Take the bits, waiting until there are some.</summary>
    public Status Wait(out ulong bits) => Trap(SystemCall.Wait, out bits);

    /// <summary>Take the bits if there are some, else WouldBlock.</summary>
    public Status Poll(out ulong bits) => Trap(SystemCall.Poll, out bits);

    private Status Trap(SystemCall call, out ulong bits)
    {
        var frame = new SystemCallFrame { Number = (ulong)call, Address = Slot.Value };
        Status status = SystemCalls.Trap(ref frame);
        bits = frame.Address;
        return status;
    }
}
