using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Base.Channels;

/// <summary>
/// A component's end of a channel of the configuration: a PairChannel over the memory of a Channel session. One thread
/// uses it, on the CPU that it was opened for.
/// </summary>
public unsafe struct ComponentChannel
{
    /// <summary>Tries between two looks whether the other end is still there.</summary>
    private const int PollsBeforeQuestion = 4096;

    private readonly ChannelSessionClient _session;
    private readonly NotificationCapability _wake;
    private PairChannel<KernelDoorbell> _channel;

    private ComponentChannel(
        ChannelSessionClient session,
        NotificationCapability wake,
        PairChannel<KernelDoorbell> channel
    )
    {
        _session = session;
        _wake = wake;
        _channel = channel;
    }

    /// <summary>Messages sent, and doorbells rung for them.</summary>
    public readonly ulong Sent => _channel.Sent;

    public readonly ulong Rung => _channel.Rung;

    /// <summary>Opens this end and waits until the other is there.</summary>
    /// <param name="environment">The component's.</param>
    /// <param name="name">The channel's; empty for the component's only one.</param>
    /// <param name="cpu">The running thread's, in the component's space.</param>
    /// <param name="channel">The channel.</param>
    public static ChannelResult Open(
        in Environment environment,
        ReadOnlySpan<byte> name,
        uint cpu,
        out ComponentChannel channel
    )
    {
        channel = default;
        if (environment.Pd.AllocateNotification(cpu, out NotificationCapability wake) != AllocationResult.Ok)
        {
            return ChannelResult.OutOfResources;
        }
        ParentResult opened = environment.OpenSession("Channel"u8, name, Quota.None, out CapabilitySlot slot);
        if (opened != ParentResult.Ok)
        {
            return ChannelResult.Denied;
        }
        var session = new ChannelSessionClient(slot);
        ChannelResult result = session.Open(wake);
        return result == ChannelResult.Ok ? Connect(in environment, session, wake, out channel) : result;
    }

    /// <summary>Sends seven words and a tag, and wakes the other end if it sleeps; false if the ring is full.</summary>
    public bool TrySend(in ChannelWords words, ushort tag) => _channel.TrySend(in words, tag);

    /// <summary>Takes the next message; false if there is none.</summary>
    public bool TryReceive(out ChannelWords words, out ushort tag) => _channel.TryReceive(out words, out tag);

    /// <summary>Sends, waiting for room; PeerClosed if none will come.</summary>
    public ChannelResult Send(in ChannelWords words, ushort tag)
    {
        for (int i = 1; !_channel.TrySend(in words, tag); i++)
        {
            if (HasPeerGone(i))
            {
                return ChannelResult.PeerClosed;
            }
            Processor.Yield();
        }
        return ChannelResult.Ok;
    }

    /// <summary>Takes the next message, looking again and again; PeerClosed if none will come.</summary>
    public ChannelResult ReceivePolling(out ChannelWords words, out ushort tag)
    {
        for (int i = 1; !_channel.TryReceive(out words, out tag); i++)
        {
            if (HasPeerGone(i))
            {
                return TryReceiveLast(out words, out tag);
            }
            Processor.Yield();
        }
        return ChannelResult.Ok;
    }

    /// <summary>Takes the next message, asleep until it comes; PeerClosed if none will.</summary>
    public ChannelResult Receive(out ChannelWords words, out ushort tag)
    {
        for (int i = 1; !_channel.TryReceive(out words, out tag); i++)
        {
            if (i < ChannelLayout.PollsBeforeSleep)
            {
                Processor.Yield();
            }
            else if (_channel.TrySleep())
            {
                _wake.Wait(out _);
                _channel.Awake();
                // A message woke it, or the other end's going.
                if (!_channel.HasMessage && _session.PeerState() != ChannelResult.Ok)
                {
                    return TryReceiveLast(out words, out tag);
                }
            }
        }
        return ChannelResult.Ok;
    }

    /// <summary>The other end is known to have gone; what it sent before lies in the ring.</summary>
    private ChannelResult TryReceiveLast(out ChannelWords words, out ushort tag) =>
        _channel.TryReceive(out words, out tag) ? ChannelResult.Ok : ChannelResult.PeerClosed;

    private readonly bool HasPeerGone(int tries) =>
        tries % PollsBeforeQuestion == 0 && _session.PeerState() != ChannelResult.Ok;

    private static ChannelResult Connect(
        in Environment environment,
        ChannelSessionClient session,
        NotificationCapability wake,
        out ComponentChannel channel
    )
    {
        channel = default;
        ChannelResult result;
        DataspaceCapability inbound;
        DataspaceCapability outbound;
        DoorbellCapability doorbell;
        uint slots;
        while ((result = session.Connect(out inbound, out outbound, out doorbell, out slots)) == ChannelResult.Pending)
        {
            wake.Wait(out _);
        }
        if (result != ChannelResult.Ok)
        {
            return result;
        }
        if (!TryAttach(in environment, inbound, out byte* own) || !TryAttach(in environment, outbound, out byte* peer))
        {
            return ChannelResult.OutOfResources;
        }
        var pair = new PairChannel<KernelDoorbell>(own, peer, (int)slots, new KernelDoorbell(doorbell));
        channel = new ComponentChannel(session, wake, pair);
        return ChannelResult.Ok;
    }

    private static bool TryAttach(in Environment environment, DataspaceCapability memory, out byte* address)
    {
        const FrameRights rights = FrameRights.Read | FrameRights.Write;
        AttachResult result = environment.RegionMap.Attach(memory, 0, 0, IRegionMap.AnyAddress, rights, out ulong at);
        address = (byte*)at;
        return result == AttachResult.Ok;
    }
}
