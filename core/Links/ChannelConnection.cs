using Skerry.Base.Kernel;

namespace Skerry.Core.Links;

/// <summary>What a component needs of its end once both are there.</summary>
public struct ChannelConnection
{
    public Capability Inbound;
    public Capability Outbound;

    /// <summary>A doorbell of the peer's cluster; the peer's notification if that is the own one.</summary>
    public Capability Doorbell;
    public uint Slots;
}
