using System;
using System.Threading;
using Skerry.Base.Channels;

namespace Skerry.Core.Links;

/// <summary>The links of one instance of core to all others.</summary>
public unsafe struct LinkTable<TDoorbell, TProtocol>
    where TDoorbell : unmanaged, IDoorbell
    where TProtocol : struct, ILinkProtocol
{
    private readonly ClusterLink<TDoorbell, TProtocol>* _links;
    private readonly ReceiverControl* _control;
    private readonly uint _own;
    private readonly uint _count;
    private readonly int _slots;

    /// <summary>The peer served last; the polling thread's alone.</summary>
    private int _lastPeer;

    // Safety: the memory holds BytesFor(count) bytes, is zero and stays, as does the inbound area.
    /// <param name="memory">For the links.</param>
    /// <param name="own">The own cluster.</param>
    /// <param name="count">Clusters of the machine, at most <see cref="ReceiverControl.MaximumPeers"/>.</param>
    /// <param name="inbound">The own inbound area: control lines, then a page for each cluster.</param>
    /// <param name="slots">Slots of each ring.</param>
    public LinkTable(byte* memory, uint own, uint count, byte* inbound, int slots = ChannelLayout.SlotsPerPage)
    {
        _links = (ClusterLink<TDoorbell, TProtocol>*)memory;
        _control = (ReceiverControl*)inbound;
        _own = own;
        _count = count;
        _slots = slots;
        _lastPeer = 0;
    }

    public readonly uint Own => _own;

    public readonly uint Count => _count;

    /// <summary>Bytes of memory for the links to so many clusters.</summary>
    public static ulong BytesFor(uint clusters) => clusters * (ulong)sizeof(ClusterLink<TDoorbell, TProtocol>);

    /// <summary>Makes the link to a peer, once, before anything is sent to it or polled.</summary>
    /// <param name="peer">Its cluster.</param>
    /// <param name="control">Its control lines.</param>
    /// <param name="outbound">The page of its inbound area that this cluster writes.</param>
    /// <param name="doorbell">Wakes it.</param>
    public readonly void Connect(uint peer, ReceiverControl* control, byte* outbound, TDoorbell doorbell)
    {
        byte* inbound = (byte*)_control + ChannelLayout.RingOffset(peer);
        var announcer = new Announcer<TProtocol, TDoorbell>(control, (int)_own, doorbell);
        _links[peer] = new ClusterLink<TDoorbell, TProtocol>(inbound, outbound, _slots, announcer);
    }

    public readonly LinkResult Send(uint peer, LinkMessageKind kind, ReadOnlySpan<byte> payload)
    {
        LinkResult result = Check(peer, payload);
        if (result == LinkResult.Ok)
        {
            _links[peer].Send(kind, payload);
        }
        return result;
    }

    /// <param name="peer">Its cluster.</param>
    /// <param name="kind">Of the message.</param>
    /// <param name="payload">The message.</param>
    /// <param name="leavesRoom">Whether a quarter of the ring is to be free behind it, for other senders.</param>
    public readonly LinkResult TrySend(
        uint peer,
        LinkMessageKind kind,
        ReadOnlySpan<byte> payload,
        bool leavesRoom = false
    )
    {
        LinkResult result = Check(peer, payload);
        // Of an empty ring a sender may see only half, as the receiver tells of half a ring at a time: a message and the room
        // behind it fit in that.
        int free = leavesRoom ? _slots / 4 : 0;
        return result == LinkResult.Ok && !_links[peer].TrySend(kind, payload, free) ? LinkResult.Full : result;
    }

    /// <summary>
    /// Hands what has come to the handler; false if nothing had. From each peer it takes at most a ring's worth in a
    /// round, so that none keeps the others waiting.
    /// </summary>
    public bool Poll<THandler>(ref THandler handler)
        where THandler : ILinkHandler, allows ref struct
    {
        var pending = new PendingSet<TProtocol>(_control);
        bool any = false;
        for (uint round = 0; round < _count && handler.TakesMore && pending.TryTake(ref _lastPeer); round++)
        {
            any = true;
            if (_lastPeer < _count && _lastPeer != _own)
            {
                Drain(ref handler, (uint)_lastPeer);
            }
        }
        return any;
    }

    /// <returns>
    /// True: nothing is pending, and whoever sends from now on rings; wait for the doorbell, then call
    /// <see cref="Awake"/>. False: poll again.
    /// </returns>
    public readonly bool TrySleep() => new PendingSet<TProtocol>(_control).TrySleep();

    public readonly void Awake() => new PendingSet<TProtocol>(_control).Awake();

    private readonly LinkResult Check(uint peer, ReadOnlySpan<byte> payload) =>
        peer >= _count || peer == _own ? LinkResult.NoSuchPeer
        : payload.Length > LinkFrame.MaximumPayload ? LinkResult.TooLong
        : LinkResult.Ok;

    private readonly void Drain<THandler>(ref THandler handler, uint peer)
        where THandler : ILinkHandler, allows ref struct
    {
        ClusterLink<TDoorbell, TProtocol>* link = _links + peer;
        int budget = _slots;
        bool takesMore = handler.TakesMore;
        while (
            takesMore
            && ClusterLink<TDoorbell, TProtocol>.TryReceive(
                link,
                ref budget,
                out LinkMessageKind kind,
                out ReadOnlySpan<byte> payload
            )
        )
        {
            LinkDispatch.Dispatch(ref handler, peer, kind, payload);
            takesMore = handler.TakesMore;
        }
        if (budget == 0 || !takesMore)
        {
            // More may lie there: the peer's bit goes up again in its name, and its turn comes after the others'.
            ref ulong word = ref _control->Pending[(int)peer / ReceiverControl.BitsPerWord];
            Interlocked.Or(ref word, 1ul << ((int)peer % ReceiverControl.BitsPerWord));
        }
    }
}
