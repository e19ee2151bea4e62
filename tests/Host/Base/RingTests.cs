using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Channels;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>One thread, both ends: what a ring and its acknowledgements hold at every step.</summary>
public unsafe class RingTests
{
    [Fact]
    public void AChannelIsTwoBoundedQueues()
    {
        // Each number is a step: bits 0 and 1 say which side does what, so that long runs of either come about.
        Prop.ForAll<byte, byte[]>(
                (size, steps) =>
                {
                    int slots = 1 + size % 8;
                    using var memory = new ChannelMemory(slots);
                    Channel[] sides = [memory.Left, memory.Right];
                    Queue<ulong>[] sent = [new(), new()];
                    ulong next = 1;
                    foreach (byte step in steps)
                    {
                        int side = step & 1;
                        if ((step & 2) == 0)
                        {
                            Send(ref sides[side], sent[side], next++, slots);
                        }
                        else
                        {
                            Receive(ref sides[side], sent[1 - side]);
                        }
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void AFullRingHasRoomAgainOnceHalfIsRead()
    {
        using var memory = new ChannelMemory(ChannelLayout.SlotsPerPage);
        Channel left = memory.Left;
        Channel right = memory.Right;
        ChannelWords words = default;
        int sent = 0;
        while (left.TrySend(in words, 0))
        {
            sent++;
        }
        Assert.Equal(ChannelLayout.SlotsPerPage, sent);
        for (int i = 0; i < (ChannelLayout.SlotsPerPage + 1) / 2; i++)
        {
            Assert.Equal(0, left.FreeSlots(1));
            Assert.True(right.TryReceive(out _, out _));
        }
        Assert.True(left.TrySend(in words, 0));
    }

    [Fact]
    public void MessagesTheOtherWayCarryTheAcknowledgement()
    {
        using var memory = new ChannelMemory(8);
        Channel left = memory.Left;
        Channel right = memory.Right;
        ChannelWords words = default;
        for (int i = 0; i < 100_000; i++)
        {
            Assert.True(left.TrySend(in words, 1));
            Assert.True(right.TryReceive(out _, out _));
            Assert.True(right.TrySend(in words, 2));
            Assert.True(left.TryReceive(out _, out ushort tag));
            Assert.Equal(2, tag);
            // What the line says is not needed: each count went along with a message.
            memory.AcknowledgementAtLeft = 0;
            memory.AcknowledgementAtRight = 0;
        }
    }

    [Fact]
    public void APeerThatAcknowledgesWhatWasNotSentGainsNothing()
    {
        using var memory = new ChannelMemory(4);
        Channel left = memory.Left;
        ChannelWords words = default;
        for (int i = 0; i < 4; i++)
        {
            Assert.True(left.TrySend(in words, 0));
        }
        memory.AcknowledgementAtLeft = 5;
        Assert.False(left.TrySend(in words, 0));
        memory.AcknowledgementAtLeft = uint.MaxValue;
        Assert.False(left.TrySend(in words, 0));
        memory.AcknowledgementAtLeft = 4;
        Assert.True(left.TrySend(in words, 0));
    }

    [Fact]
    public void TheStructuresAreLines()
    {
        Assert.Equal(ChannelLayout.LineBytes, sizeof(ChannelSlot));
        Assert.Equal(ChannelLayout.LineBytes, sizeof(AcknowledgementLine));
        Assert.Equal(3 * ChannelLayout.LineBytes, sizeof(ReceiverControl));
        Assert.Equal((ulong)ChannelLayout.PageBytes, ChannelLayout.RingBytes(ChannelLayout.SlotsPerPage));
    }

    private static void Send(ref Channel channel, Queue<ulong> sent, ulong value, int slots)
    {
        ChannelWords words = default;
        words[0] = value;
        words[ChannelWords.Count - 1] = ~value;
        bool fits = channel.TrySend(in words, (ushort)value);
        Assert.True(fits || sent.Count > 0, "an empty ring refused a message");
        Assert.False(fits && sent.Count == slots, "a full ring took a message");
        if (fits)
        {
            sent.Enqueue(value);
        }
    }

    private static void Receive(ref Channel channel, Queue<ulong> sent)
    {
        Assert.Equal(sent.Count != 0, channel.HasMessage);
        Assert.Equal(sent.Count != 0, channel.TryReceive(out ChannelWords words, out ushort tag));
        if (sent.TryDequeue(out ulong expected))
        {
            Assert.Equal(expected, words[0]);
            Assert.Equal(~expected, words[ChannelWords.Count - 1]);
            Assert.Equal((ushort)expected, tag);
        }
    }
}
