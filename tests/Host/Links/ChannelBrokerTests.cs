using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Channels;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Core.Links;
using Xunit;

namespace Skerry.Tests.Host.Links;

/// <summary>How the ends of channels find each other, whatever the order and the delays.</summary>
public sealed unsafe class ChannelBrokerTests
{
    private static readonly ChannelEndId _left = new(0, 0);
    private static readonly ChannelEndId _right = new(0, 1);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(0, 2)]
    [InlineData(2, 0)]
    public void EndsInTwoClustersSeeEachOthersRings(int leftCluster, int rightCluster)
    {
        using var machine = new BrokerMachine(3, 2);
        Assert.Equal(ChannelResult.Ok, machine.Open(leftCluster, _left));
        machine.Settle();
        Assert.Equal(ChannelResult.Pending, Connect(machine, leftCluster, _left, out _, out _, out _));
        Assert.Empty(machine.Signals);
        Assert.Equal(ChannelResult.Ok, machine.Open(rightCluster, _right));
        machine.Settle();
        AssertConnected(machine, leftCluster, _left, rightCluster);
        AssertConnected(machine, rightCluster, _right, leftCluster);
        Assert.Equal(1, machine.Signals[BrokerMachine.WakeOf(_left).Slot.Value]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void EndsInOneClusterShareRingsAndSignalWithoutADoorbell(int cluster)
    {
        using var machine = new BrokerMachine(3, 1);
        machine.Open(cluster, _right);
        machine.Open(cluster, _left);
        machine.Settle();
        AssertLocal(machine, cluster, _left);
        AssertLocal(machine, cluster, _right);
        Assert.Empty(machine.Foreign);
    }

    [Fact]
    public void AnEndIsOpenedOnce()
    {
        using var machine = new BrokerMachine(2, 1);
        Assert.Equal(ChannelResult.Denied, machine.Service(1, _left).PeerState());
        Assert.Equal(ChannelResult.Denied, Connect(machine, 1, _left, out _, out _, out _));
        Assert.Equal(ChannelResult.Ok, machine.Open(1, _left));
        Assert.Equal(1, machine.Pokes);
        Assert.Equal(ChannelResult.Denied, machine.Open(1, _left));
        machine.Close(1, _left);
        Assert.Equal(ChannelResult.Denied, machine.Open(1, _left));
    }

    [Fact]
    public void WhatDoesNotExistIsDenied()
    {
        using var machine = new BrokerMachine(2, 1);
        Assert.Equal(ChannelResult.Denied, machine.Open(1, new ChannelEndId(1, 0)));
        Assert.Equal(ChannelResult.Denied, machine.Service(1, _left).Open(default));
        machine.OutOfMemory = true;
        Assert.Equal(ChannelResult.OutOfResources, machine.Open(1, _left));
        machine.OutOfMemory = false;
        Assert.Equal(ChannelResult.Ok, machine.Open(1, _left));
    }

    [Fact]
    public void AnEndThatGoesIsToldToTheOtherWhichIsWoken()
    {
        using var machine = new BrokerMachine(3, 1);
        machine.Open(1, _left);
        machine.Open(2, _right);
        machine.Settle();
        machine.Close(1, _left);
        machine.Settle();
        Assert.Equal(ChannelResult.PeerClosed, machine.Service(2, _right).PeerState());
        Assert.Equal(2, machine.Signals[BrokerMachine.WakeOf(_right).Slot.Value]);
        Assert.Equal(0, machine.WakeSleepers(1));
    }

    [Fact]
    public void AnEndThatWentBeforeTheOtherCameIsKnownAsGone()
    {
        using var machine = new BrokerMachine(3, 1);
        machine.Open(1, _left);
        machine.Close(1, _left);
        machine.Settle();
        machine.Open(2, _right);
        machine.Settle();
        Assert.Equal(ChannelResult.PeerClosed, machine.Service(2, _right).PeerState());
    }

    [Fact]
    public void WhateverTheOrderAndTheDelaysBothEndsMeet() =>
        Prop.ForAll<byte[], bool>(static (steps, closes) => Assert.Null(MeetInAnyOrder(steps, closes, loses: false)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void ACarrierThatLosesANoticeKeepsThemApart() =>
        Assert.NotNull(MeetInAnyOrder([], closes: false, loses: true));

    [Fact]
    public void NoticesInAnothersNameOrOfNoChannelAreIgnored()
    {
        using var machine = new BrokerMachine(3, 1);
        machine.Open(2, _right);
        machine.Settle();
        var forged = new ChannelNotice
        {
            Kind = ChannelNoticeKind.Offer,
            Cluster = 1,
            Address = 0x1000,
        };
        machine.Accept(0, from: 2, in forged);
        machine.Accept(2, from: 1, in forged);
        machine.Accept(0, from: 1, forged with { Channel = 1 });
        machine.Accept(0, from: 1, forged with { Side = 2 });
        machine.Accept(2, from: 0, forged with { Channel = 7 });
        machine.Accept(2, from: 0, forged with { Side = uint.MaxValue });
        machine.Settle();
        Assert.Equal(ChannelResult.Pending, machine.Service(2, _right).PeerState());
        machine.Accept(0, from: 1, in forged);
        machine.Settle();
        Assert.Equal(ChannelResult.Ok, machine.Service(2, _right).PeerState());
    }

    [Theory]
    [InlineData(0u, 0ul, 0)]
    [InlineData(1u, 0ul, 0)]
    [InlineData(0u, 1ul, 0)]
    [InlineData(1u, 1ul, 1)]
    public void OnlyWhoSleepsWhileSomethingWaitsIsWoken(uint sleeping, ulong pending, int wakes)
    {
        using var machine = new BrokerMachine(2, 2);
        machine.Open(1, _left);
        machine.Open(1, new ChannelEndId(1, 1));
        var control = (ReceiverControl*)machine.Ring(_left);
        control->Sleeping = sleeping;
        control->Pending[0] = pending;
        Assert.Equal(wakes, machine.WakeSleepers(1));
        Assert.Equal(wakes, machine.Signals.GetValueOrDefault(BrokerMachine.WakeOf(_left).Slot.Value));
        Assert.Equal(0, machine.WakeSleepers(0));
    }

    /// <summary>Each step opens an end, pumps or delivers; afterwards all is brought to an end. The answer is what failed.</summary>
    private static string? MeetInAnyOrder(byte[] steps, bool closes, bool loses)
    {
        const uint channels = 3;
        const int clusters = 4;
        using var machine = new BrokerMachine(clusters, channels) { Loses = loses };
        int refusals = 0;
        machine.Refuses = () =>
            steps.Length != 0 && refusals++ < steps.Length && steps[refusals % steps.Length] % 3 == 0;
        foreach (byte step in steps)
        {
            Step(machine, step);
        }
        var ends = Enumerable.Range(0, (int)(channels * ChannelEndId.Sides)).Select(End).ToArray();
        foreach (ChannelEndId end in ends)
        {
            machine.Open(ClusterOf(end), end);
        }
        machine.Settle();
        if (closes)
        {
            machine.Close(ClusterOf(ends[0]), ends[0]);
            machine.Settle();
        }
        foreach (ChannelEndId end in ends.Skip(closes ? 2 : 0))
        {
            if (Connect(machine, ClusterOf(end), end, out _, out Capability outbound, out _) != ChannelResult.Ok)
            {
                return $"end {end.Index} is not connected";
            }
            ulong expected = machine.RingAddresses[1000 + end.Other.Index];
            bool isLocal = ClusterOf(end) == ClusterOf(end.Other);
            ulong found = (isLocal ? machine.RingAddresses : machine.Foreign)[outbound.Slot.Value];
            if (found != expected)
            {
                return $"end {end.Index} got another ring";
            }
        }
        return closes && machine.Service(ClusterOf(ends[1]), ends[1]).PeerState() != ChannelResult.PeerClosed
            ? "the peer of a closed end does not know"
            : null;

        static ChannelEndId End(int index) => new((uint)index / ChannelEndId.Sides, (uint)index % ChannelEndId.Sides);

        // Channel 0 lies in clusters 1 and 2, channel 1 in the root and 3, channel 2 in 2 alone.
        static int ClusterOf(ChannelEndId end) => new[] { 1, 2, 0, 3, 2, 2 }[end.Index];

        static void Step(BrokerMachine machine, byte step)
        {
            int operand = step / 3;
            switch (step % 3)
            {
                case 0:
                    ChannelEndId end = End(operand % (int)(channels * ChannelEndId.Sides));
                    machine.Open(ClusterOf(end), end);
                    break;
                case 1:
                    machine.Pump(operand % clusters);
                    break;
                default:
                    machine.Deliver(operand);
                    break;
            }
        }
    }

    private static ChannelResult Connect(
        BrokerMachine machine,
        int cluster,
        ChannelEndId end,
        out Capability inbound,
        out Capability outbound,
        out Capability doorbell
    )
    {
        ChannelResult result = machine
            .Service(cluster, end)
            .Connect(
                out DataspaceCapability own,
                out DataspaceCapability peer,
                out DoorbellCapability ring,
                out uint slots
            );
        (inbound, outbound, doorbell) = (own.Capability, peer.Capability, ring.Capability);
        Assert.True(result != ChannelResult.Ok || slots == BrokerMachine.Slots);
        return result;
    }

    private static void AssertConnected(BrokerMachine machine, int cluster, ChannelEndId end, int peerCluster)
    {
        for (int again = 0; again < 2; again++)
        {
            ChannelResult result = Connect(
                machine,
                cluster,
                end,
                out Capability inbound,
                out Capability outbound,
                out Capability doorbell
            );
            Assert.Equal(ChannelResult.Ok, result);
            Assert.Equal(1000 + end.Index, inbound.Slot.Value);
            Assert.Equal(machine.RingAddresses[1000 + end.Other.Index], machine.Foreign[outbound.Slot.Value]);
            Assert.Equal(4000 + (uint)peerCluster, doorbell.Slot.Value);
        }
    }

    private static void AssertLocal(BrokerMachine machine, int cluster, ChannelEndId end)
    {
        ChannelResult result = Connect(machine, cluster, end, out _, out Capability outbound, out Capability doorbell);
        Assert.Equal(ChannelResult.Ok, result);
        Assert.Equal(1000 + end.Other.Index, outbound.Slot.Value);
        Assert.Equal(3000 + end.Other.Index, doorbell.Slot.Value);
    }
}
