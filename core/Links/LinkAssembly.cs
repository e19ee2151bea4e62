using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Base.Channels;

namespace Skerry.Core.Links;

/// <summary>
/// Puts the messages of one sender together from their slots. Each sender has its own, so what two of them send at the
/// same time never mixes. Slots that fit no message are dropped.
/// </summary>
public unsafe struct LinkAssembly
{
    private PayloadBytes _payload;
    private int _length;
    private int _filled;
    private int _remaining;

    /// <summary>Of the message under way or just completed.</summary>
    public LinkMessageKind Kind { get; private set; }

    /// <summary>Slots that fitted no message: a broken peer's.</summary>
    public ulong Dropped { get; private set; }

    // Safety: the assembly does not move, and the next Add overwrites the bytes.
    /// <summary>The message that Add has completed.</summary>
    public static ReadOnlySpan<byte> PayloadOf(LinkAssembly* assembly) => new(&assembly->_payload, assembly->_length);

    /// <summary>Takes in one slot; true when it completes a message.</summary>
    public bool Add(in ChannelWords words, ushort tag)
    {
        LinkMessageKind kind = LinkFrame.KindOf(tag);
        int remaining = LinkFrame.RemainingOf(tag);
        ReadOnlySpan<byte> content = MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<ulong, byte>(ref Unsafe.AsRef(in words[0])),
            LinkFrame.SlotBytes
        );
        bool belongs;
        if (kind == LinkMessageKind.Continuation)
        {
            belongs = Kind != LinkMessageKind.None && remaining == _remaining - 1;
        }
        else
        {
            belongs = kind != LinkMessageKind.None && Begin(kind, words[0], remaining);
            content = content.Slice(sizeof(ulong));
        }
        if (!belongs)
        {
            Kind = LinkMessageKind.None;
            Dropped++;
            return false;
        }
        _remaining = remaining;
        Append(content);
        return remaining == 0;
    }

    private bool Begin(LinkMessageKind kind, ulong length, int remaining)
    {
        if (length > LinkFrame.MaximumPayload || remaining + 1 != LinkFrame.SlotsFor((int)length))
        {
            return false;
        }
        Kind = kind;
        _length = (int)length;
        _filled = 0;
        return true;
    }

    private void Append(ReadOnlySpan<byte> content)
    {
        int rest = _length - _filled;
        int bytes = rest < content.Length ? rest : content.Length;
        content
            .Slice(0, bytes)
            .CopyTo(MemoryMarshal.CreateSpan(ref _payload[0], LinkFrame.MaximumPayload).Slice(_filled));
        _filled += bytes;
    }

    [InlineArray(LinkFrame.MaximumPayload)]
    private struct PayloadBytes
    {
        private byte _byte;
    }
}
