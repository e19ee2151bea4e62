using System;
using Skerry.Base.Channels;
using Skerry.Base.Kernel;

namespace Skerry.Core.Links;

/// <summary>
/// The link to one other instance of core. Any thread sends; one thread, the one that waits for the doorbell, receives.
/// </summary>
/// <remarks>
/// Acknowledgements go through the rings' first lines alone: those that messages could carry would be written by the
/// receiving thread into what the sending threads own.
/// </remarks>
public unsafe struct ClusterLink<TDoorbell, TProtocol>
    where TDoorbell : unmanaged, IDoorbell
    where TProtocol : struct, ILinkProtocol
{
    private readonly Announcer<TProtocol, TDoorbell> _announcer;

    /// <summary>
    /// Held for one whole message, waiting for room included. The threads of core have one priority, and the peer's
    /// receiving thread never waits for this instance, so the room comes.
    /// </summary>
    private UserLock _lock;

    /// <summary>Protected by the lock.</summary>
    private RingSender _sender;

    /// <summary>The receiving thread's alone.</summary>
    private RingReceiver _receiver;
    private LinkAssembly _assembly;

    // Safety: as for RingSender and RingReceiver.
    /// <param name="inbound">The ring to read: own memory.</param>
    /// <param name="outbound">The ring to write: the peer's memory.</param>
    /// <param name="slots">Slots of either.</param>
    /// <param name="announcer">Says to the peer that its ring holds something new.</param>
    public ClusterLink(byte* inbound, byte* outbound, int slots, Announcer<TProtocol, TDoorbell> announcer)
    {
        _sender = new RingSender(outbound, slots, inbound);
        _receiver = new RingReceiver(inbound, slots, outbound);
        _announcer = announcer;
        _lock = default;
        _assembly = default;
    }

    /// <summary>Sends a message whole; waits for room as long as it takes, and drops nothing.</summary>
    public void Send(LinkMessageKind kind, ReadOnlySpan<byte> payload)
    {
        if (TProtocol.LocksWholeMessages)
        {
            _lock.Acquire();
        }
        Write(kind, payload);
        if (TProtocol.LocksWholeMessages)
        {
            _lock.Release();
        }
    }

    /// <summary>Sends a message whole; false, and nothing sent, if that would mean to wait.</summary>
    /// <param name="kind">Of the message.</param>
    /// <param name="payload">The message.</param>
    /// <param name="free">Slots that are to be free behind it.</param>
    public bool TrySend(LinkMessageKind kind, ReadOnlySpan<byte> payload, int free)
    {
        if (!_lock.TryAcquire())
        {
            return false;
        }
        int slots = LinkFrame.SlotsFor(payload.Length) + free;
        bool fits = _sender.FreeSlots(slots) >= slots;
        if (fits)
        {
            Write(kind, payload);
        }
        _lock.Release();
        return fits;
    }

    /// <summary>
    /// Takes slots until one completes a message.
    /// </summary>
    /// <param name="link">Where the link lies.</param>
    /// <param name="budget">Slots that may still be taken; less those that were.</param>
    /// <param name="kind">Of the message.</param>
    /// <param name="payload">Valid until the next call.</param>
    // Safety: links lie in memory that does not move.
    public static bool TryReceive(
        ClusterLink<TDoorbell, TProtocol>* link,
        scoped ref int budget,
        out LinkMessageKind kind,
        out ReadOnlySpan<byte> payload
    )
    {
        while (budget > 0 && link->_receiver.TryReceive(out ChannelWords words, out SlotHeader header))
        {
            budget--;
            if (link->_assembly.Add(in words, header.Tag))
            {
                kind = link->_assembly.Kind;
                payload = LinkAssembly.PayloadOf(&link->_assembly);
                return true;
            }
        }
        kind = LinkMessageKind.None;
        payload = default;
        return false;
    }

    private void Write(LinkMessageKind kind, ReadOnlySpan<byte> payload)
    {
        int slots = LinkFrame.SlotsFor(payload.Length);
        bool announced = true;
        for (int i = 0; i < slots; i++)
        {
            LinkFrame.Fill(payload, i, out ChannelWords words);
            ushort tag = LinkFrame.Tag(i == 0 ? kind : LinkMessageKind.Continuation, slots - 1 - i);
            while (!_sender.TrySend(in words, tag, 0))
            {
                if (!announced && TProtocol.AnnouncesBeforeWaiting)
                {
                    // A receiver that sleeps makes no room.
                    Announce();
                    announced = true;
                }
                Processor.Yield();
            }
            announced = false;
        }
        Announce();
    }

    private void Announce() => _announcer.Announce();
}
