using System;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Channels;
using Skerry.Core.Links;
using Xunit;

namespace Skerry.Tests.Host.Links;

/// <summary>Messages of every length survive cutting and putting together, and garbage before them.</summary>
public unsafe class LinkAssemblyTests
{
    [Fact]
    public void EveryLengthComesBackWhole()
    {
        byte[] payload = new byte[LinkFrame.MaximumPayload];
        for (int i = 0; i < payload.Length; i++)
        {
            payload[i] = (byte)(i * 31 + 7);
        }
        for (int length = 0; length <= payload.Length; length++)
        {
            LinkAssembly assembly = default;
            Assert.True(AddAll(ref assembly, payload.AsSpan(0, length), LinkMessageKind.Log));
            Assert.Equal(LinkMessageKind.Log, assembly.Kind);
            Assert.True(LinkAssembly.PayloadOf(&assembly).SequenceEqual(payload.AsSpan(0, length)));
        }
    }

    [Fact]
    public void TheLongestMessageHasAsManySlotsAsItSays() =>
        Assert.Equal(LinkFrame.MaximumSlots, LinkFrame.SlotsFor(LinkFrame.MaximumPayload));

    [Fact]
    public void GarbageIsDroppedAndWhatFollowsIsWhole() =>
        Prop.ForAll<ulong[], ushort[]>(
                static (words, tags) =>
                {
                    LinkAssembly assembly = default;
                    for (int i = 0; i < tags.Length; i++)
                    {
                        ChannelWords slot = default;
                        for (int w = 0; w < ChannelWords.Count && words.Length != 0; w++)
                        {
                            slot[w] = words[(i + w) % words.Length];
                        }
                        if (assembly.Add(in slot, tags[i]))
                        {
                            Assert.True(LinkAssembly.PayloadOf(&assembly).Length <= LinkFrame.MaximumPayload);
                        }
                    }
                    byte[] payload = [1, 2, 3];
                    Assert.True(AddAll(ref assembly, payload, LinkMessageKind.Ready));
                    Assert.True(LinkAssembly.PayloadOf(&assembly).SequenceEqual(payload));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void AMessageThatLostASlotIsDroppedWhole()
    {
        byte[] payload = new byte[200];
        int slots = LinkFrame.SlotsFor(payload.Length);
        for (int lost = 0; lost < slots; lost++)
        {
            LinkAssembly assembly = default;
            for (int i = 0; i < slots; i++)
            {
                if (i != lost)
                {
                    Assert.False(AddOne(ref assembly, payload, LinkMessageKind.Log, i));
                }
            }
            Assert.True(lost == slots - 1 || assembly.Dropped > 0);
            Assert.True(AddAll(ref assembly, payload, LinkMessageKind.Log));
        }
    }

    private static bool AddAll(ref LinkAssembly assembly, ReadOnlySpan<byte> payload, LinkMessageKind kind)
    {
        bool complete = false;
        for (int i = 0; i < LinkFrame.SlotsFor(payload.Length); i++)
        {
            Assert.False(complete);
            complete = AddOne(ref assembly, payload, kind, i);
        }
        return complete;
    }

    private static bool AddOne(ref LinkAssembly assembly, ReadOnlySpan<byte> payload, LinkMessageKind kind, int index)
    {
        LinkFrame.Fill(payload, index, out ChannelWords words);
        int remaining = LinkFrame.SlotsFor(payload.Length) - 1 - index;
        return assembly.Add(in words, LinkFrame.Tag(index == 0 ? kind : LinkMessageKind.Continuation, remaining));
    }
}
