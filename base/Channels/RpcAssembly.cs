using Skerry.Abi;
using Skerry.Base.Rpc;

namespace Skerry.Base.Channels;

/// <summary>Puts a message together from its slots. Slots that fit no message are dropped.</summary>
public struct RpcAssembly
{
    private RpcMessage _message;
    private int _filled;
    private int _remaining;
    private RpcFrameKind _kind;
    private uint _call;

    /// <summary>Takes in one slot; true when it completes a message.</summary>
    public bool Add(in ChannelWords words, ushort tag)
    {
        bool belongs = RpcFrame.KindOf(tag) switch
        {
            RpcFrameKind.Request or RpcFrameKind.Reply => Begin(in words, tag),
            RpcFrameKind.Continuation => Continue(in words, tag),
            _ => false,
        };
        if (!belongs)
        {
            _kind = RpcFrameKind.None;
        }
        return belongs && _remaining == 0;
    }

    /// <summary>The message just completed.</summary>
    public void Take(ref RpcMessage message, out RpcFrameKind kind, out uint call)
    {
        message.Label = _message.Label;
        message.Badge = _message.Badge;
        message.Length = _message.Length;
        message.CapabilityCount = 0;
        for (int i = 0; i < _message.Length; i++)
        {
            message.Words[i] = _message.Words[i];
        }
        kind = _kind;
        call = _call;
        _kind = RpcFrameKind.None;
    }

    private bool Begin(in ChannelWords words, ushort tag)
    {
        uint length = RpcFrame.LengthOf(in words);
        if (length > MessageLimits.MaximumWords)
        {
            return false;
        }
        _remaining = RpcFrame.RemainingOf(tag);
        if (_remaining + 1 != RpcFrame.SlotsFor((int)length))
        {
            return false;
        }
        _kind = RpcFrame.KindOf(tag);
        _call = RpcFrame.CallOf(in words);
        _message.Label = new RpcLabel(words[0]);
        _message.Badge = words[1];
        _message.Length = (int)length;
        _filled = 0;
        Append(in words, RpcFrame.HeadWords);
        return true;
    }

    private bool Continue(in ChannelWords words, ushort tag)
    {
        if (_kind == RpcFrameKind.None || RpcFrame.RemainingOf(tag) != _remaining - 1)
        {
            return false;
        }
        _remaining--;
        Append(in words, 0);
        return true;
    }

    private void Append(in ChannelWords words, int first)
    {
        for (int i = first; i < ChannelWords.Count && _filled < _message.Length; i++)
        {
            _message.Words[_filled++] = words[i];
        }
    }
}
