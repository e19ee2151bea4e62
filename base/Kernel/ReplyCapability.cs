using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>
/// Holds one caller from its call to the reply. The current one answers through ReplyRecv; one that was put aside
/// (Thread.SetReply to another) answers through this.
/// </summary>
public readonly struct ReplyCapability(CapabilitySlot slot) : ITypedCapability<ReplyCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static ReplyCapability FromCapability(Capability capability) => new(capability.Slot);

    /// <summary>Answer the caller; NoCaller if there is none.</summary>
    public Status Send(in Message message) => new EndpointCapability(Slot).NBSend(in message);
}
