using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>One interrupt of a device, routed to one CPU of the cluster.</summary>
public readonly struct IrqHandlerCapability(CapabilitySlot slot) : ITypedCapability<IrqHandlerCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static IrqHandlerCapability FromCapability(Capability capability) => new(capability.Slot);

    /// <summary>Interrupts signal this notification from now on; it belongs to the CPU that they are routed to.</summary>
    public Status SetNotification(NotificationCapability notification) =>
        Invocation.Invoke(Slot, (ulong)IrqHandlerOperation.SetNotification, notification.Slot.Value);

    /// <summary>What was signalled is served. InvalidState if nothing was.</summary>
    public Status Acknowledge() => Invocation.Invoke(Slot, (ulong)IrqHandlerOperation.Acknowledge);

    /// <summary>Interrupts signal nothing any more.</summary>
    public Status Clear() => Invocation.Invoke(Slot, (ulong)IrqHandlerOperation.Clear);

    public Status Query(out uint cpu, out byte vector, out IrqState state)
    {
        Status status = Invocation.Invoke(
            Slot,
            (ulong)IrqHandlerOperation.Query,
            0,
            0,
            0,
            0,
            out InvocationResult result
        );
        cpu = (uint)result.Word0;
        vector = (byte)result.Word1;
        state = (IrqState)result.Word2;
        return status;
    }
}
