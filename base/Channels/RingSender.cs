using System.Threading;

namespace Skerry.Base.Channels;

/// <summary>
/// The writing end of a ring. One thread at a time uses it.
/// </summary>
/// <remarks>
/// The counters are the sender's own memory; of shared memory it writes slots alone, and reads the acknowledgement line,
/// which is local, only when it believes the ring full.
/// </remarks>
public unsafe struct RingSender
{
    private readonly ChannelSlot* _slots;
    private readonly AcknowledgementLine* _acknowledgement;
    private readonly uint _count;

    /// <summary>Messages sent, and where the next goes.</summary>
    private uint _sent;
    private uint _next;

    /// <summary>Messages that the receiver is known to have read.</summary>
    private uint _acknowledged;

    // Safety: both point into channel memory that stays mapped; the ring is zero at the start of the channel's life.
    /// <param name="ring">The ring to write, in the receiver's memory.</param>
    /// <param name="slots">How many slots it has.</param>
    /// <param name="opposite">The ring that the receiver writes; its first line acknowledges this one.</param>
    public RingSender(byte* ring, int slots, byte* opposite)
    {
        _slots = (ChannelSlot*)(ring + ChannelLayout.LineBytes);
        _acknowledgement = (AcknowledgementLine*)opposite;
        _count = (uint)slots;
        _sent = 0;
        _next = 0;
        _acknowledged = 0;
    }

    /// <summary>Slots that are free at least. Looks at the acknowledgement line only if fewer than wanted are known.</summary>
    public int FreeSlots(int wanted)
    {
        if (_count - (_sent - _acknowledged) < (uint)wanted)
        {
            Acknowledge(Volatile.Read(ref _acknowledgement->Received));
        }
        return (int)(_count - (_sent - _acknowledged));
    }

    /// <summary>Writes one message; false if the ring is full.</summary>
    public bool TrySend(in ChannelWords words, ushort tag, uint received)
    {
        if (FreeSlots(1) < 1)
        {
            return false;
        }
        ChannelSlot* slot = _slots + _next;
        for (int i = 0; i < ChannelWords.Count; i++)
        {
            slot->Words[i] = words[i];
        }
        _sent++;
        _next = _next + 1 == _count ? 0 : _next + 1;
        Volatile.Write(ref slot->Header, SlotHeader.Of(_sent, tag, (ushort)received).Value);
        return true;
    }

    /// <summary>The low bits of the receiver's count, as a message of its brought them.</summary>
    public void AcknowledgeLow(ushort received) =>
        Acknowledge(_acknowledged + (ushort)(received - (ushort)_acknowledged));

    /// <summary>A count that goes back, or beyond what was sent, is a broken peer's and ignored.</summary>
    private void Acknowledge(uint received)
    {
        if (received - _acknowledged <= _sent - _acknowledged)
        {
            _acknowledged = received;
        }
    }
}
