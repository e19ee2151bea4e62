namespace Skerry.Base.Channels;

/// <summary>Both directions between two clusters, as one of them sees it.</summary>
public struct Channel
{
    private RingSender _sender;
    private RingReceiver _receiver;

    // Safety: as for RingSender and RingReceiver.
    /// <param name="inbound">The ring to read: own memory.</param>
    /// <param name="outbound">The ring to write: the peer's memory.</param>
    /// <param name="slots">Slots of either.</param>
    public unsafe Channel(byte* inbound, byte* outbound, int slots)
    {
        _sender = new RingSender(outbound, slots, inbound);
        _receiver = new RingReceiver(inbound, slots, outbound);
    }

    public readonly bool HasMessage => _receiver.HasMessage;

    /// <summary>Messages that certainly find room now.</summary>
    public int FreeSlots(int wanted) => _sender.FreeSlots(wanted);

    /// <summary>Sends up to seven words and a tag; false if the ring is full.</summary>
    public bool TrySend(in ChannelWords words, ushort tag) => _sender.TrySend(in words, tag, _receiver.Received);

    /// <summary>Takes the next message; false if there is none.</summary>
    public bool TryReceive(out ChannelWords words, out ushort tag)
    {
        bool received = _receiver.TryReceive(out words, out SlotHeader header);
        if (received)
        {
            _sender.AcknowledgeLow(header.Acknowledgement);
        }
        tag = header.Tag;
        return received;
    }
}
