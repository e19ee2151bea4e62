using Skerry.Base.Kernel;

namespace Skerry.Core.Links;

/// <summary>
/// What the broker needs of core around it. Most are called with the broker's lock held: none of these may call the broker.
/// </summary>
public interface IChannelResources
{
    /// <summary>So many bytes of the own cluster's memory, rounded up to pages; stays for good.</summary>
    bool TryMakeRing(ulong bytes, out ChannelRing ring);

    /// <summary>Takes what a message has brought out of the slots for messages; the null slot if it can't be kept.</summary>
    NotificationCapability Keep(NotificationCapability brought);

    /// <summary>Deletes what was kept.</summary>
    void LetGo(NotificationCapability kept);

    /// <summary>A copy that can only signal.</summary>
    bool TryCopyForSignal(NotificationCapability notification, out NotificationCapability copy);

    /// <summary>A dataspace of another cluster's memory, readable and writable (see <see cref="Links.TryMakeFrame"/>).</summary>
    bool TryMakeForeign(ulong physicalAddress, ulong bytes, out Capability dataspace);

    /// <summary>What rings at a cluster's doorbell thread (<see cref="Links.DoorbellOf"/>).</summary>
    DoorbellCapability DoorbellOf(uint cluster);

    void Signal(NotificationCapability notification);

    /// <summary>Makes the doorbell thread call <see cref="ChannelBroker.Pump"/> soon (<see cref="Links.Poke"/>).</summary>
    void WakeBroker();
}
