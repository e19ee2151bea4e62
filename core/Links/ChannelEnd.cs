using System.Threading;
using Skerry.Base.Kernel;

namespace Skerry.Core.Links;

/// <summary>An end of a channel in the own cluster. The broker's lock protects it.</summary>
internal struct ChannelEnd
{
    private byte _state;

    /// <summary>Written last: the doorbell thread reads it without the lock, and then the ring.</summary>
    public ChannelEndState State
    {
        readonly get => (ChannelEndState)Volatile.Read(in _state);
        set => Volatile.Write(ref _state, (byte)value);
    }

    /// <summary>What the root has not been told yet.</summary>
    public ChannelNoticeKind Due;

    /// <summary>Slots of either ring of this channel, from the configuration.</summary>
    public uint Slots;

    /// <summary>What this end receives into; stays to the end of the system, since the peer may hold it mapped.</summary>
    public ChannelRing Ring;

    /// <summary>The component's, to be signalled.</summary>
    public NotificationCapability Wake;

    /// <summary>For a peer in the same cluster, in place of a doorbell: a copy that can only signal; made when it asks.</summary>
    public NotificationCapability WakeForPeer;

    /// <summary>Valid from <see cref="ChannelEndState.Ready"/> on.</summary>
    public uint PeerCluster;
    public ulong PeerAddress;

    /// <summary>What the peer receives into, as a dataspace of this instance; made when the component first asks.</summary>
    public Capability Outbound;
}

/// <summary>How far an end has come; it only goes forward.</summary>
internal enum ChannelEndState : byte
{
    Unclaimed = 0,

    /// <summary>Its component has opened it, the peer's is unknown.</summary>
    Waiting = 1,
    Ready = 2,
    PeerClosed = 3,
    Closed = 4,
}
