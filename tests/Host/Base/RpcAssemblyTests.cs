using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi;
using Skerry.Base.Channels;
using Skerry.Base.Rpc;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>RPC messages cut into slots and put together again.</summary>
public class RpcAssemblyTests
{
    [Fact]
    public void EveryLengthComesThrough()
    {
        for (int length = 0; length <= MessageLimits.MaximumWords; length++)
        {
            var assembly = new RpcAssembly();
            List<(ChannelWords Words, ushort Tag)> slots = Cut(length, call: 77);
            Assert.Equal(RpcFrame.SlotsFor(length), slots.Count);
            for (int i = 0; i < slots.Count; i++)
            {
                ChannelWords words = slots[i].Words;
                Assert.Equal(i == slots.Count - 1, assembly.Add(in words, slots[i].Tag));
            }
            var message = new RpcMessage();
            assembly.Take(ref message, out RpcFrameKind kind, out uint call);
            Assert.Equal((RpcFrameKind.Request, 77u, length, 5ul), (kind, call, message.Length, message.Badge));
            for (int i = 0; i < length; i++)
            {
                Assert.Equal((ulong)i + 1000, message.Words[i]);
            }
        }
        Assert.Equal(RpcFrame.MaximumSlots, RpcFrame.SlotsFor(MessageLimits.MaximumWords));
    }

    [Fact]
    public void SlotsThatFitNoMessageAreDroppedAndTheNextMessageComesThrough()
    {
        Prop.ForAll<(ulong, ulong, ushort)[], byte>(
                (garbage, lengthSeed) =>
                {
                    var assembly = new RpcAssembly();
                    var message = new RpcMessage();
                    foreach ((ulong lengthAndCall, ulong word, ushort tag) in garbage)
                    {
                        ChannelWords words = default;
                        words[2] = lengthAndCall;
                        words[3] = word;
                        if (assembly.Add(in words, tag))
                        {
                            assembly.Take(ref message, out _, out _);
                            Assert.InRange(message.Length, 0, MessageLimits.MaximumWords);
                        }
                    }
                    int length = lengthSeed % (MessageLimits.MaximumWords + 1);
                    bool complete = false;
                    foreach ((ChannelWords words, ushort tag) in Cut(length, call: 1))
                    {
                        complete = assembly.Add(in words, tag);
                    }
                    Assert.True(complete);
                    assembly.Take(ref message, out _, out _);
                    Assert.Equal(length, message.Length);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static List<(ChannelWords Words, ushort Tag)> Cut(int length, uint call)
    {
        var message = new RpcMessage
        {
            Badge = 5,
            Label = new RpcLabel(0x1234_0001),
            Length = length,
        };
        for (int i = 0; i < length; i++)
        {
            message.Words[i] = (ulong)i + 1000;
        }
        var slots = new List<(ChannelWords, ushort)>();
        int count = RpcFrame.SlotsFor(length);
        for (int i = 0; i < count; i++)
        {
            RpcFrame.Fill(ref message, call, i, out ChannelWords words);
            RpcFrameKind kind = i == 0 ? RpcFrameKind.Request : RpcFrameKind.Continuation;
            slots.Add((words, RpcFrame.Tag(kind, count - 1 - i)));
        }
        return slots;
    }
}
