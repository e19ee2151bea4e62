using Skerry.Base.Kernel;
using Skerry.Base.Sessions;

namespace Skerry.Core.Links;

/// <summary>
/// The server of one Channel session. Core finds out whose end it is when it opens the session
/// (<see cref="ChannelDirectory"/>), dispatches the session's requests to this with ChannelSessionDispatch, and calls
/// <see cref="ChannelBroker.Close"/> with the session's end.
/// </summary>
// Safety: the broker stays where it is.
public unsafe struct ChannelService<TResources>(ChannelBroker* broker, ChannelEndId end, TResources resources)
    : IChannelSession
    where TResources : struct, IChannelResources
{
    private readonly ChannelBroker* _broker = broker;
    private readonly ChannelEndId _end = end;
    private TResources _resources = resources;

    public ChannelResult Open(NotificationCapability wake)
    {
        ChannelResult result = wake.Slot.IsNull ? ChannelResult.Denied : _broker->Claim(_end, wake, ref _resources);
        if (result != ChannelResult.Ok)
        {
            CapabilitySlots.Release(wake.Slot);
        }
        return result;
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
