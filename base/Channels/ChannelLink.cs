using Skerry.Base.Rpc;

namespace Skerry.Base.Channels;

/// <summary>One peer: the channel to it, how to announce what was sent, and what has come in parts.</summary>
public struct ChannelLink<TDoorbell>(Channel channel, Announcer<StrictOrder, TDoorbell> announcer)
    where TDoorbell : unmanaged, IDoorbell
{
    private readonly Announcer<StrictOrder, TDoorbell> _announcer = announcer;
    private Channel _channel = channel;
    private RpcAssembly _assembly;

    /// <summary>Messages of RPC sent whole so far, and the doorbells rung for them.</summary>
    public ulong Sent { get; private set; }

    public ulong Rung { get; private set; }

    /// <summary>Sends all slots of a message and then announces them once; false, and nothing sent, if they don't fit.</summary>
    public bool TrySend(RpcFrameKind kind, uint call, ref RpcMessage message)
    {
        int slots = RpcFrame.SlotsFor(message.Length);
        if (_channel.FreeSlots(slots) < slots)
        {
            return false;
        }
        for (int i = 0; i < slots; i++)
        {
            RpcFrame.Fill(ref message, call, i, out ChannelWords words);
            _channel.TrySend(in words, RpcFrame.Tag(i == 0 ? kind : RpcFrameKind.Continuation, slots - 1 - i));
        }
        Sent++;
        Rung += _announcer.Announce() ? 1ul : 0;
        return true;
    }

    /// <summary>Takes the next whole message; false if none is complete.</summary>
    public bool TryReceive(ref RpcMessage message, out RpcFrameKind kind, out uint call)
    {
        while (_channel.TryReceive(out ChannelWords words, out ushort tag))
        {
            if (_assembly.Add(in words, tag))
            {
                _assembly.Take(ref message, out kind, out call);
                return true;
            }
        }
        kind = RpcFrameKind.None;
        call = 0;
        return false;
    }
}
