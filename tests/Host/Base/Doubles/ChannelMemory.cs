using System;
using System.Runtime.InteropServices;
using Skerry.Base.Channels;

namespace Skerry.Tests.Host.Base;

/// <summary>The two rings of a channel, in native memory.</summary>
internal sealed unsafe class ChannelMemory : IDisposable
{
    private readonly byte* _atLeft;
    private readonly byte* _atRight;
    private readonly int _slots;

    public ChannelMemory(int slots)
    {
        _slots = slots;
        _atLeft = Allocate(ChannelLayout.RingBytes(slots));
        _atRight = Allocate(ChannelLayout.RingBytes(slots));
    }

    public Channel Left => new(_atLeft, _atRight, _slots);

    public Channel Right => new(_atRight, _atLeft, _slots);

    public uint AcknowledgementAtLeft
    {
        get => ((AcknowledgementLine*)_atLeft)->Received;
        set => ((AcknowledgementLine*)_atLeft)->Received = value;
    }

    public uint AcknowledgementAtRight
    {
        set => ((AcknowledgementLine*)_atRight)->Received = value;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_atLeft);
        NativeMemory.AlignedFree(_atRight);
    }

    public static byte* Allocate(ulong bytes)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, ChannelLayout.PageBytes);
        NativeMemory.Clear(memory, (nuint)bytes);
        return memory;
    }
}
