using System;
using System.Threading;
using Skerry.Base.Channels;
using Skerry.Base.Kernel;
using Skerry.Core.Links;
using Skerry.Tests.Host.Base;
using Xunit;

namespace Skerry.Tests.Host.Links;

/// <summary>
/// Two components that sleep between messages, each with its core's doorbell thread between the peer's doorbell and its
/// own notification. Doorbells 0 and 1 are the clusters', 2 and 3 the components' notifications.
/// </summary>
[Collection("Doorbells")]
public sealed unsafe class ChannelWakeTests
{
    private const int Rounds = 20_000;
    private static readonly ChannelEndId _left = new(0, 0);
    private static readonly ChannelEndId _right = new(0, 1);

    [Fact]
    public void NoWakeupIsLostOnTheWayThroughTheCores() => Assert.Equal(Rounds, Run(looks: true, 20));

    [Fact]
    public void CoresThatDoNotLookAtTheChannelsLeaveThemAsleep() => Assert.NotEqual(Rounds, Run(looks: false, 1));

    /// <summary>Round trips that came about, with so many seconds of patience for each.</summary>
    private static int Run(bool looks, int patience)
    {
        using var machine = new BrokerMachine(2, 1);
        machine.Open(0, _left);
        machine.Open(1, _right);
        machine.Settle();
        for (int i = 0; i < 4; i++)
        {
            HostDoorbell.All[i] = new HostDoorbell();
        }
        using var stop = new CancellationTokenSource();
        Thread[] threads =
        [
            new(() => Attend(machine, 0, looks, stop.Token)),
            new(() => Attend(machine, 1, looks, stop.Token)),
            new(() => Answer(machine, patience)),
        ];
        Array.ForEach(threads, static t => t.Start());
        int rounds = Ask(machine, patience);
        stop.Cancel();
        Array.ForEach(threads, static t => t.Join());
        return rounds;
    }

    /// <summary>A core's doorbell thread, as Links.Serve does it.</summary>
    private static void Attend(BrokerMachine machine, int cluster, bool looks, CancellationToken stop)
    {
        var resources = new Notifier();
        while (!stop.IsCancellationRequested)
        {
            if (HostDoorbell.All[cluster].Wait(TimeSpan.FromMilliseconds(100)) && looks)
            {
                machine[cluster].WakeSleepers(ref resources);
            }
        }
    }

    private static int Ask(BrokerMachine machine, int patience)
    {
        var channel = Channel(machine, _left, peerCluster: 1);
        ChannelWords words = default;
        for (int i = 0; i < Rounds; i++)
        {
            words[0] = (ulong)i;
            if (!channel.TrySend(in words, 1) || !TryReceive(ref channel, 2, patience, out ulong answer))
            {
                return i;
            }
            Assert.Equal((ulong)i + 1, answer);
        }
        return Rounds;
    }

    private static void Answer(BrokerMachine machine, int patience)
    {
        var channel = Channel(machine, _right, peerCluster: 0);
        ChannelWords words = default;
        for (int i = 0; i < Rounds && TryReceive(ref channel, 3, patience, out ulong question); i++)
        {
            words[0] = question + 1;
            channel.TrySend(in words, 2);
        }
    }

    private static PairChannel<HostDoorbell.Handle> Channel(BrokerMachine machine, ChannelEndId end, int peerCluster) =>
        new(machine.Ring(end), machine.Ring(end.Other), (int)BrokerMachine.Slots, new HostDoorbell.Handle(peerCluster));

    private static bool TryReceive(
        ref PairChannel<HostDoorbell.Handle> channel,
        int notification,
        int patience,
        out ulong value
    )
    {
        ChannelWords words;
        while (!channel.TryReceive(out words, out _))
        {
            if (channel.TrySleep())
            {
                bool woken = HostDoorbell.All[notification].Wait(TimeSpan.FromSeconds(patience));
                channel.Awake();
                if (!woken)
                {
                    value = 0;
                    return false;
                }
            }
        }
        value = words[0];
        return true;
    }

    /// <summary>Signals what stands for the components' notifications.</summary>
    private readonly struct Notifier : IChannelResources
    {
        public void Signal(NotificationCapability notification) =>
            HostDoorbell.All[notification.Slot == BrokerMachine.WakeOf(_left).Slot ? 2 : 3].Ring();

        public bool TryMakeRing(ulong bytes, out ChannelRing ring)
        {
            ring = default;
            return false;
        }

        public NotificationCapability Keep(NotificationCapability brought) => brought;

        public void LetGo(NotificationCapability kept) { }

        public bool TryCopyForSignal(NotificationCapability notification, out NotificationCapability copy)
        {
            copy = default;
            return false;
        }

        public bool TryMakeForeign(ulong physicalAddress, ulong bytes, out Capability dataspace)
        {
            dataspace = default;
            return false;
        }

        public DoorbellCapability DoorbellOf(uint cluster) => default;

        public void WakeBroker() { }
    }
}
