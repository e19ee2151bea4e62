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
        if (wake.Slot.IsNull)
        {
            return ChannelResult.Denied;
        }
        NotificationCapability kept = _resources.Keep(wake);
        if (kept.Slot.IsNull)
        {
            return ChannelResult.OutOfResources;
        }
        ChannelResult result = _broker->Claim(_end, kept, ref _resources);
        if (result != ChannelResult.Ok)
        {
            _resources.LetGo(kept);
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
