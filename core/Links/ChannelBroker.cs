using System.Threading;
using Skerry.Base.Channels;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;

namespace Skerry.Core.Links;

/// <summary>
/// Brings the two ends of each of the configuration's channels together, wherever their components run, and wakes
/// components that sleep on one.
/// </summary>
/// <remarks>
/// <code>
///   component A    core of A's cluster      root            core of B's cluster    component B
///   open session   Claim: ring in A's
///                  memory          ──Offer──►
///                                              ◄──Offer──   Claim                  open session
///   (waits)        ◄──────Offer of B──────       ──────Offer of A──────►
///   Connect        frame of B's ring                        frame of A's ring      Connect
/// </code>
/// An end is opened once: one that was closed stays closed, and its ring is never used for anything else, because the
/// other cluster may still hold it mapped.
/// </remarks>
public unsafe struct ChannelBroker
{
    private const uint Root = Links.Root;

    /// <summary>Protects the ends and the meeting. Entrypoints and the doorbell thread, of one priority, take it.</summary>
    private UserLock _lock;
    private readonly ChannelEnd* _ends;
    private readonly ChannelMeeting _meeting;
    private readonly uint _channels;
    private readonly uint _own;

    // Safety: the memory holds BytesFor(channels) bytes, is zero and stays.
    /// <param name="memory">For the ends.</param>
    /// <param name="channels">Channels of the configuration.</param>
    /// <param name="own">The own cluster.</param>
    public ChannelBroker(byte* memory, uint channels, uint own)
    {
        uint ends = channels * ChannelEndId.Sides;
        _lock = default;
        _ends = (ChannelEnd*)memory;
        _meeting = new ChannelMeeting((ChannelMeeting.Place*)(memory + ends * (ulong)sizeof(ChannelEnd)), channels);
        _channels = channels;
        _own = own;
    }

    /// <summary>Bytes of memory for so many channels.</summary>
    public static ulong BytesFor(uint channels) =>
        channels * ChannelEndId.Sides * (ulong)(sizeof(ChannelEnd) + sizeof(ChannelMeeting.Place));

    /// <summary>Said for each channel before it is used: ChannelRecord.Slots.</summary>
    public readonly void SetSlots(uint channel, uint slots)
    {
        _ends[new ChannelEndId(channel, 0).Index].Slots = slots;
        _ends[new ChannelEndId(channel, 1).Index].Slots = slots;
    }

    /// <summary>A component opens its end.</summary>
    /// <param name="id">Which end is its.</param>
    /// <param name="wake">What it waits on; kept if the answer is Ok.</param>
    /// <param name="resources">Core's.</param>
    public ChannelResult Claim<TResources>(ChannelEndId id, NotificationCapability wake, ref TResources resources)
        where TResources : struct, IChannelResources
    {
        if (id.Channel >= _channels || id.Side >= ChannelEndId.Sides)
        {
            return ChannelResult.Denied;
        }
        ChannelEnd* end = _ends + id.Index;
        _lock.Acquire();
        ChannelResult result = ChannelResult.Denied;
        if (end->State == ChannelEndState.Unclaimed)
        {
            result = resources.TryMakeRing(PairChannel<KernelDoorbell>.MemoryBytes((int)end->Slots), out end->Ring)
                ? ChannelResult.Ok
                : ChannelResult.OutOfResources;
        }
        if (result == ChannelResult.Ok)
        {
            end->Wake = wake;
            end->State = ChannelEndState.Waiting;
            end->Due = ChannelNoticeKind.Offer;
        }
        _lock.Release();
        if (result == ChannelResult.Ok)
        {
            resources.WakeBroker();
        }
        return result;
    }

    public readonly ChannelResult PeerState(ChannelEndId id) =>
        _ends[id.Index].State switch
        {
            ChannelEndState.Unclaimed or ChannelEndState.Closed => ChannelResult.Denied,
            ChannelEndState.Waiting => ChannelResult.Pending,
            ChannelEndState.Ready => ChannelResult.Ok,
            _ => ChannelResult.PeerClosed,
        };

    /// <summary>The component asks for its channel's memory.</summary>
    public ChannelResult Connect<TResources>(
        ChannelEndId id,
        ref TResources resources,
        out ChannelConnection connection
    )
        where TResources : struct, IChannelResources
    {
        connection = default;
        _lock.Acquire();
        ChannelResult result = PeerState(id);
        if (result == ChannelResult.Ok)
        {
            result = Connect(_ends + id.Index, _ends + id.Other.Index, ref resources, ref connection);
        }
        _lock.Release();
        return result;
    }

    /// <summary>The session is closed, or its component has ended.</summary>
    public void Close<TResources>(ChannelEndId id, ref TResources resources)
        where TResources : struct, IChannelResources
    {
        ChannelEnd* end = _ends + id.Index;
        _lock.Acquire();
        bool wasOpen = end->State is not (ChannelEndState.Unclaimed or ChannelEndState.Closed);
        if (wasOpen)
        {
            end->State = ChannelEndState.Closed;
            end->Due = ChannelNoticeKind.Closed;
        }
        _lock.Release();
        if (wasOpen)
        {
            resources.WakeBroker();
        }
    }

    /// <summary>What <see cref="ILinkHandler.OnChannelNotice"/> is given: at the root of any end, elsewhere of a peer's.</summary>
    public void Accept<TResources>(uint from, in ChannelNotice notice, ref TResources resources)
        where TResources : struct, IChannelResources
    {
        _lock.Acquire();
        if (_own == Root)
        {
            _meeting.Accept(from, in notice);
        }
        else if (from == Root)
        {
            Learn(in notice, ref resources);
        }
        _lock.Release();
    }

    /// <summary>
    /// Sends what is due; true if something could not be sent now. The doorbell thread calls it whenever it runs.
    /// </summary>
    public bool Pump<TCarrier, TResources>(ref TCarrier carrier, ref TResources resources)
        where TCarrier : struct, INoticeCarrier
        where TResources : struct, IChannelResources
    {
        _lock.Acquire();
        bool isStuck = TellRoot(ref carrier);
        isStuck |= _own == Root && PassOn(ref carrier, ref resources);
        _lock.Release();
        return isStuck;
    }

    /// <summary>
    /// Signals the components that sleep although something came. The doorbell thread calls it each time that its wait
    /// has ended: who rings a doorbell has set the pending bit before.
    /// </summary>
    public void WakeSleepers<TResources>(ref TResources resources)
        where TResources : struct, IChannelResources
    {
        for (uint i = 0; i < _channels * ChannelEndId.Sides; i++)
        {
            ChannelEnd* end = _ends + i;
            if (end->State is ChannelEndState.Unclaimed or ChannelEndState.Closed)
            {
                continue;
            }
            var control = (ReceiverControl*)end->Ring.Address;
            if (Volatile.Read(ref control->Sleeping) != 0 && Volatile.Read(ref control->Pending[0]) != 0)
            {
                resources.Signal(end->Wake);
            }
        }
    }

    private readonly ChannelResult Connect<TResources>(
        ChannelEnd* end,
        ChannelEnd* other,
        ref TResources resources,
        ref ChannelConnection connection
    )
        where TResources : struct, IChannelResources
    {
        connection.Inbound = end->Ring.Dataspace;
        connection.Slots = end->Slots;
        if (end->PeerCluster == _own)
        {
            if (other->WakeForPeer.Slot.IsNull && !resources.TryCopyForSignal(other->Wake, out other->WakeForPeer))
            {
                return ChannelResult.OutOfResources;
            }
            connection.Outbound = other->Ring.Dataspace;
            connection.Doorbell = other->WakeForPeer.Capability;
            return ChannelResult.Ok;
        }
        ulong bytes = PairChannel<KernelDoorbell>.MemoryBytes((int)end->Slots);
        if (end->Outbound.IsNone && !resources.TryMakeForeign(end->PeerAddress, bytes, out end->Outbound))
        {
            return ChannelResult.Refused;
        }
        connection.Outbound = end->Outbound;
        connection.Doorbell = resources.DoorbellOf(end->PeerCluster).Capability;
        return ChannelResult.Ok;
    }

    private readonly bool TellRoot<TCarrier>(ref TCarrier carrier)
        where TCarrier : struct, INoticeCarrier
    {
        for (uint i = 0; i < _channels * ChannelEndId.Sides; i++)
        {
            ChannelEnd* end = _ends + i;
            if (end->Due == ChannelNoticeKind.None)
            {
                continue;
            }
            var notice = new ChannelNotice
            {
                Channel = i / ChannelEndId.Sides,
                Side = i % ChannelEndId.Sides,
                Kind = end->Due,
                Cluster = _own,
                Address = end->Ring.PhysicalAddress,
            };
            if (_own == Root)
            {
                _meeting.Accept(Root, in notice);
            }
            else if (!carrier.TrySend(Root, in notice))
            {
                return true;
            }
            end->Due = ChannelNoticeKind.None;
        }
        return false;
    }

    private readonly bool PassOn<TCarrier, TResources>(ref TCarrier carrier, ref TResources resources)
        where TCarrier : struct, INoticeCarrier
        where TResources : struct, IChannelResources
    {
        bool isStuck = false;
        for (uint i = 0; _meeting.TryFindDue(ref i, out uint cluster, out ChannelNotice notice); i++)
        {
            if (cluster == _own)
            {
                Learn(in notice, ref resources);
            }
            else if (!carrier.TrySend(cluster, in notice))
            {
                isStuck = true;
                continue;
            }
            _meeting.Told(i);
        }
        return isStuck;
    }

    /// <summary>The peer of an end of the own cluster has come or gone.</summary>
    private readonly void Learn<TResources>(in ChannelNotice notice, ref TResources resources)
        where TResources : struct, IChannelResources
    {
        if (notice.Channel >= _channels || notice.Side >= ChannelEndId.Sides)
        {
            return;
        }
        ChannelEnd* end = _ends + notice.End.Other.Index;
        bool isOpen = end->State is ChannelEndState.Waiting or ChannelEndState.Ready;
        if (isOpen && notice.Kind == ChannelNoticeKind.Closed)
        {
            end->State = ChannelEndState.PeerClosed;
        }
        else if (end->State == ChannelEndState.Waiting && notice.Kind == ChannelNoticeKind.Offer)
        {
            end->PeerCluster = notice.Cluster;
            end->PeerAddress = notice.Address;
            end->State = ChannelEndState.Ready;
        }
        else
        {
            return;
        }
        resources.Signal(end->Wake);
    }
}
