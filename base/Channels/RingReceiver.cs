using System.Threading;

namespace Skerry.Base.Channels;

/// <summary>The reading end of a ring, in its own cluster's memory. One thread at a time uses it.</summary>
public unsafe struct RingReceiver
{
    private readonly ChannelSlot* _slots;
    private readonly AcknowledgementLine* _acknowledgement;
    private readonly uint _count;
    private uint _next;

    /// <summary>What the acknowledgement line was last told.</summary>
    private uint _told;

    // Safety: as for RingSender.
    /// <param name="ring">The ring to read.</param>
    /// <param name="slots">How many slots it has.</param>
    /// <param name="opposite">The ring that this side writes, in the other's memory: its first line takes counts.</param>
    public RingReceiver(byte* ring, int slots, byte* opposite)
    {
        _slots = (ChannelSlot*)(ring + ChannelLayout.LineBytes);
        _acknowledgement = (AcknowledgementLine*)opposite;
        _count = (uint)slots;
        _next = 0;
        _told = 0;
        Received = 0;
    }

    /// <summary>Messages read so far; modulo 2^32.</summary>
    public uint Received { get; private set; }

    /// <summary>A message waits.</summary>
    public readonly bool HasMessage => new SlotHeader(Volatile.Read(ref _slots[_next].Header)).Sequence == Received + 1;

    /// <summary>Takes the next message; false if there is none.</summary>
    public bool TryReceive(out ChannelWords words, out SlotHeader header)
    {
        words = default;
        ChannelSlot* slot = _slots + _next;
        header = new SlotHeader(Volatile.Read(ref slot->Header));
        if (header.Sequence != Received + 1)
        {
            return false;
        }
        for (int i = 0; i < ChannelWords.Count; i++)
        {
            words[i] = slot->Words[i];
        }
        Received++;
        _next = _next + 1 == _count ? 0 : _next + 1;
        TellWhenDue();
        return true;
    }

    /// <summary>
    /// Half a ring at a time: a remote line is written rarely, and a sender that waits for room gets some before the
    /// receiver runs dry. That messages the other way tell the count, too, does not replace the line: a sender that waits
    /// for room may not be reading them.
    /// </summary>
    private void TellWhenDue()
    {
        if (Received - _told >= (_count + 1) / 2)
        {
            Volatile.Write(ref _acknowledgement->Received, Received);
            _told = Received;
        }
    }
}
