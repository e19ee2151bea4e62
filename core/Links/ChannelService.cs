using Skerry.Base.Kernel;
using Skerry.Base.Sessions;

namespace Skerry.Core.Links;

/// <summary>
/// The server of one Channel session. Core claims the end when it opens the session
/// (<see cref="ChannelDirectory"/>, <see cref="ChannelBroker.Claim"/>), dispatches the session's requests to this with
/// ChannelSessionDispatch, and closes the end with the session.
/// </summary>
// Safety: the broker stays where it is.
public unsafe struct ChannelService<TResources>(ChannelBroker* broker, ChannelEndId end, TResources resources)
    : IChannelSession
    where TResources : struct, IChannelResources
{
    private readonly ChannelBroker* _broker = broker;
    private readonly ChannelEndId _end = end;
    private TResources _resources = resources;

    public ChannelResult Wake(out NotificationCapability wake)
    {
        wake = _broker->WakeOf(_end);
        return ChannelResult.Ok;
    }

    public ChannelResult Connect(
        out DataspaceCapability inbound,
        out DataspaceCapability outbound,
        out DoorbellCapability doorbell,
        out uint slots
    )
    {
        ChannelResult result = _broker->Connect(_end, ref _resources, out ChannelConnection connection);
        inbound = new DataspaceCapability(connection.Inbound);
        outbound = new DataspaceCapability(connection.Outbound);
        doorbell = DoorbellCapability.FromCapability(connection.Doorbell);
        slots = connection.Slots;
        return result;
    }

    public ChannelResult PeerState() => _broker->PeerState(_end);
}
