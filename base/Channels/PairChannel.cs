using Skerry.Base.Kernel;

namespace Skerry.Base.Channels;

/// <summary>
/// A channel between two components of different clusters, each with memory of its own cluster for what it receives.
/// </summary>
/// <remarks>
/// <code>
///   each side's memory      lines 0 to 2    ReceiverControl (one peer: bit 0)
///                           line 3 and on   the ring that the other side writes
/// </code>
/// One thread at a time uses each side.
/// </remarks>
public unsafe struct PairChannel<TDoorbell>
    where TDoorbell : unmanaged, IDoorbell
{
    private const int Peer = 0;
    private readonly PendingSet<StrictOrder> _pending;
    private readonly Announcer<StrictOrder, TDoorbell> _announcer;
    private Channel _channel;

    // Safety: both memories stay mapped, were zero when the channel began, and lie as MemoryBytes says.
    /// <param name="own">What this side receives into.</param>
    /// <param name="peer">What the other side receives into.</param>
    /// <param name="slots">Of either ring.</param>
    /// <param name="doorbell">Wakes the other side.</param>
    public PairChannel(byte* own, byte* peer, int slots, TDoorbell doorbell)
    {
        _pending = new PendingSet<StrictOrder>((ReceiverControl*)own);
        _announcer = new Announcer<StrictOrder, TDoorbell>((ReceiverControl*)peer, Peer, doorbell);
        _channel = new Channel(own + sizeof(ReceiverControl), peer + sizeof(ReceiverControl), slots);
    }

    /// <summary>Messages sent, and doorbells rung for them.</summary>
    public ulong Sent { get; private set; }

    public ulong Rung { get; private set; }

    /// <summary>A message waits.</summary>
    public readonly bool HasMessage => _channel.HasMessage;

    /// <summary>Bytes of either side's memory.</summary>
    public static ulong MemoryBytes(int slots) => (ulong)sizeof(ReceiverControl) + ChannelLayout.RingBytes(slots);

    /// <summary>The most slots that fit into so much memory.</summary>
    public static int SlotsIn(ulong bytes) =>
        (int)((bytes - (ulong)sizeof(ReceiverControl)) / ChannelLayout.LineBytes) - 1;

    /// <summary>Sends seven words and a tag, and wakes the other side if it sleeps; false if the ring is full.</summary>
    public bool TrySend(in ChannelWords words, ushort tag)
    {
        if (!_channel.TrySend(in words, tag))
        {
            return false;
        }
        Sent++;
        Rung += _announcer.Announce() ? 1ul : 0;
        return true;
    }

    /// <summary>Takes the next message; false if there is none.</summary>
    public bool TryReceive(out ChannelWords words, out ushort tag) => _channel.TryReceive(out words, out tag);

    /// <summary>Takes the next message; sleeps until there is one.</summary>
    /// <param name="doorbell">What the other side's doorbell signals.</param>
    /// <param name="words">The message.</param>
    /// <param name="tag">Its tag.</param>
    public void Receive(NotificationCapability doorbell, out ChannelWords words, out ushort tag)
    {
        while (!_channel.TryReceive(out words, out tag))
        {
            if (TrySleep())
            {
                doorbell.Wait(out _);
                Awake();
            }
        }
    }

    /// <summary>Announces sleep.</summary>
    /// <returns>True: nothing has come, and the next message rings; wait, then call <see cref="Awake"/>.</returns>
    public bool TrySleep()
    {
        int peer = Peer;
        while (_pending.TryTake(ref peer))
        {
            // The bit is taken before the ring is looked at, as always.
        }
        if (_channel.HasMessage)
        {
            return false;
        }
        return _pending.TrySleep();
    }

    public void Awake() => _pending.Awake();
}
