using System;
using System.Linq;
using System.Text;
using Skerry.Base.Channels;
using Skerry.Base.Text;
using Skerry.Core.Links;
using Skerry.Tests.Host.Base;
using Xunit;

namespace Skerry.Tests.Host.Links;

/// <summary>What one thread can see of the links: every kind of message, refusals, turns.</summary>
[Collection("Doorbells")]
public sealed unsafe class LinkTableTests
{
    [Fact]
    public void EveryKindArrivesAsItWasSent()
    {
        using var machine = new LinkMachine<StrictLinkProtocol>(3, 63);
        var failure = new Failure { Name = BoundedText<NameBytes>.Of("west/toucher"u8) };
        var cluster = new ClusterStatistics { FaultsMapped = 7, DoorbellsSent = 11 };
        var notice = new ChannelNotice
        {
            Channel = 1,
            Side = 1,
            Kind = ChannelNoticeKind.Offer,
            Address = 0x5000,
        };
        Assert.Equal(LinkResult.Ok, machine[2].Send(0, LinkMessageKind.Log, "a line\n"u8));
        Send(machine, LinkMessageKind.Failed, failure);
        Send(machine, LinkMessageKind.Statistics, cluster);
        Send(machine, LinkMessageKind.Channel, notice);
        machine[2].Send(0, LinkMessageKind.Ready, default);
        machine[2].Send(0, LinkMessageKind.Shutdown, default);
        machine[2].Send(0, LinkMessageKind.Stopped, default);
        LinkRecorder found = Poll(machine, 0);
        Assert.Equal((2u, "a line\n"), (found.Lines[0].Cluster, Encoding.UTF8.GetString(found.Lines[0].Line)));
        Failure failed = Assert.Single(found.Failures).Failure;
        Assert.Equal("west/toucher", Encoding.UTF8.GetString(failed.Name.Text));
        Assert.Equal(cluster, Assert.Single(found.Clusters).Statistics);
        Assert.Equal((2u, notice), Assert.Single(found.Notices));
        Assert.Equal([(2u, "ready"), (2u, "shutdown"), (2u, "stopped")], found.Others);
    }

    [Fact]
    public void AMessageOfTheWrongLengthIsIgnored()
    {
        using var machine = new LinkMachine<StrictLinkProtocol>(2, 63);
        machine[1].Send(0, LinkMessageKind.Failed, new byte[sizeof(Failure) - 1]);
        machine[1].Send(0, LinkMessageKind.Channel, new byte[sizeof(ChannelNotice) + 1]);
        machine[1].Send(0, LinkMessageKind.Ready, default);
        LinkRecorder found = Poll(machine, 0);
        Assert.Empty(found.Failures);
        Assert.Empty(found.Notices);
        Assert.Single(found.Others);
    }

    [Fact]
    public void WhatCannotBeSentIsRefused()
    {
        using var machine = new LinkMachine<StrictLinkProtocol>(2, 63);
        Assert.Equal(LinkResult.NoSuchPeer, machine[1].Send(1, LinkMessageKind.Log, "x"u8));
        Assert.Equal(LinkResult.NoSuchPeer, machine[1].Send(2, LinkMessageKind.Log, "x"u8));
        byte[] longest = new byte[LinkFrame.MaximumPayload];
        Assert.Equal(LinkResult.Ok, machine[1].Send(0, LinkMessageKind.Log, longest));
        Assert.Equal(LinkResult.TooLong, machine[1].Send(0, LinkMessageKind.Log, new byte[longest.Length + 1]));
        Assert.Equal(longest.Length, Assert.Single(Poll(machine, 0).Lines).Line.Length);
    }

    [Fact]
    public void WhoMustNotWaitSendsAllOrNothing()
    {
        using var machine = new LinkMachine<StrictLinkProtocol>(2, 63);
        byte[] line = new byte[LinkFrame.MaximumPayload];
        int sent = 0;
        while (machine[1].TrySend(0, LinkMessageKind.Log, line) == LinkResult.Ok)
        {
            sent++;
        }
        Assert.Equal(63 / LinkFrame.MaximumSlots, sent);
        Assert.Equal(LinkResult.Full, machine[1].TrySend(0, LinkMessageKind.Log, line));
        LinkRecorder found = Poll(machine, 0);
        Assert.Equal(sent, found.Lines.Count);
        Assert.All(found.Lines, l => Assert.Equal(line, l.Line));
        Assert.Equal(LinkResult.Ok, machine[1].TrySend(0, LinkMessageKind.Log, line));
    }

    /// <summary>What a child writes does not take the room of what core has to say.</summary>
    [Fact]
    public void WhoLeavesRoomForOthersLeavesIt()
    {
        using var machine = new LinkMachine<StrictLinkProtocol>(2, 62);
        while (machine[1].TrySend(0, LinkMessageKind.Log, "flood"u8, leavesRoom: true) == LinkResult.Ok) { }
        for (int i = 0; i < 15; i++)
        {
            Assert.Equal(LinkResult.Ok, machine[1].TrySend(0, LinkMessageKind.Ready, default));
        }
        Assert.Equal(LinkResult.Full, machine[1].TrySend(0, LinkMessageKind.Ready, default));
    }

    /// <summary>However much the receiver has taken without a word: what is in the ring is nothing, so there is room.</summary>
    [Fact]
    public void AnEmptyRingHasRoomForTheLongestLine()
    {
        byte[] line = new byte[LinkFrame.MaximumPayload];
        for (int before = 0; before < 2 * ChannelLayout.SlotsPerPage; before++)
        {
            using var machine = new LinkMachine<StrictLinkProtocol>(2, ChannelLayout.SlotsPerPage);
            for (int i = 0; i < before; i++)
            {
                machine[1].Send(0, LinkMessageKind.Ready, default);
                Poll(machine, 0);
            }
            Assert.Equal(LinkResult.Ok, machine[1].TrySend(0, LinkMessageKind.Log, line, leavesRoom: true));
        }
    }

    [Fact]
    public void WhoTakesNoMoreLeavesTheRestInOrder()
    {
        using var machine = new LinkMachine<StrictLinkProtocol>(3, 63);
        var recorder = new LinkRecorder();
        recorder.TakesMore = () => recorder.Lines.Count < 2;
        for (byte i = 0; i < 3; i++)
        {
            machine[1].Send(0, LinkMessageKind.Log, [1, i]);
            machine[2].Send(0, LinkMessageKind.Log, [2, i]);
        }
        var handler = new LinkRecorder.Handler(recorder);
        machine[0].Poll(ref handler);
        machine[0].Poll(ref handler);
        Assert.Equal(2, recorder.Lines.Count);
        Assert.False(machine[0].TrySleep());
        recorder.TakesMore = null;
        while (machine[0].Poll(ref handler)) { }
        byte[][] expected =
        [
            [1, 0],
            [1, 1],
            [1, 2],
        ];
        Assert.Equal(expected, recorder.Lines.Where(line => line.Cluster == 1).Select(line => line.Line));
        Assert.Equal(6, recorder.Lines.Count);
        Assert.True(machine[0].TrySleep());
    }

    [Fact]
    public void APeerThatNeverStopsKeepsNoOtherWaiting()
    {
        using var machine = new LinkMachine<StrictLinkProtocol>(3, 8);
        machine[1].Send(0, LinkMessageKind.Log, "again"u8);
        machine[2].Send(0, LinkMessageKind.Log, "once"u8);
        var recorder = new LinkRecorder();
        // As long as its message has just been taken, cluster 1 has the next one there.
        recorder.OnLine = cluster =>
        {
            if (cluster == 1)
            {
                machine[1].Send(0, LinkMessageKind.Log, "again"u8);
            }
        };
        var handler = new LinkRecorder.Handler(recorder);
        Assert.True(machine[0].Poll(ref handler));
        Assert.Contains(recorder.Lines, static l => l.Cluster == 2);
        int before = recorder.Lines.Count;
        Assert.True(machine[0].Poll(ref handler), "what was left behind is remembered");
        Assert.True(recorder.Lines.Count > before);
    }

    [Fact]
    public void ASleeperIsRungOnceAndDoesNotSleepOverWhatIsThere()
    {
        using var machine = new LinkMachine<StrictLinkProtocol>(2, 63);
        Assert.True(machine[0].TrySleep());
        machine[1].Send(0, LinkMessageKind.Log, "first"u8);
        machine[1].Send(0, LinkMessageKind.Log, "second"u8);
        Assert.Equal(1, HostDoorbell.All[0].Rings);
        machine[0].Awake();
        Assert.False(machine[0].TrySleep());
        Assert.Equal(2, Poll(machine, 0).Lines.Count);
        Assert.True(machine[0].TrySleep());
    }

    private static void Send<T>(LinkMachine<StrictLinkProtocol> machine, LinkMessageKind kind, T value)
        where T : unmanaged =>
        Assert.Equal(LinkResult.Ok, machine[2].Send(0, kind, new ReadOnlySpan<byte>(&value, sizeof(T))));

    private static LinkRecorder Poll(LinkMachine<StrictLinkProtocol> machine, int cluster)
    {
        var recorder = new LinkRecorder();
        var handler = new LinkRecorder.Handler(recorder);
        while (machine[cluster].Poll(ref handler)) { }
        return recorder;
    }
}
