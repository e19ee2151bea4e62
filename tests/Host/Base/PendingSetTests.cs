using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Channels;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>Sleeping and waking: no message is ever left with a receiver that sleeps.</summary>
[Collection("Doorbells")]
public unsafe class PendingSetTests : IDisposable
{
    private static readonly TimeSpan _stuck = TimeSpan.FromSeconds(5);
    private readonly ReceiverControl* _control = (ReceiverControl*)ChannelMemory.Allocate(ChannelLayout.PageBytes);

    public PendingSetTests() => HostDoorbell.All[0] = new HostDoorbell();

    /// <summary>The protocol without the receiver's second look.</summary>
    private readonly struct NoSecondLook : IMemoryOrder
    {
        public static bool LooksAgain => false;

        public static void Fence() => Interlocked.MemoryBarrier();
    }

    public void Dispose() => System.Runtime.InteropServices.NativeMemory.AlignedFree(_control);

    [Fact]
    public void AMessageBetweenTheLastLookAndSleepIsFound() => Assert.False(SleepsOverMessage<StrictOrder>());

    [Fact]
    public void WithoutTheSecondLookItIsSleptOver() => Assert.True(SleepsOverMessage<NoSecondLook>());

    [Fact]
    public void WhoSendsToASleeperRingsOnce()
    {
        var pending = new PendingSet<StrictOrder>(_control);
        Assert.True(pending.TrySleep());
        Assert.True(Announcer<StrictOrder>(3).Announce());
        Assert.False(Announcer<StrictOrder>(3).Announce(), "its bit is still set: one ring is enough");
        pending.Awake();
        Assert.False(Announcer<StrictOrder>(4).Announce());
        Assert.Equal(1, HostDoorbell.All[0].Rings);
    }

    [Fact]
    public void PeersAreServedInTurn()
    {
        Prop.ForAll<ushort[], ushort>(
                (numbers, start) =>
                {
                    var pending = new PendingSet<StrictOrder>(_control);
                    int[] peers = [.. numbers.Select(static n => n % ReceiverControl.MaximumPeers).Distinct()];
                    foreach (int peer in peers)
                    {
                        Announcer<StrictOrder>(peer).Announce();
                    }
                    int last = start % ReceiverControl.MaximumPeers;
                    int first = last + 1;
                    int[] expected =
                    [
                        .. peers.OrderBy(p =>
                            (p - first + ReceiverControl.MaximumPeers) % ReceiverControl.MaximumPeers
                        ),
                    ];
                    var taken = new List<int>();
                    while (pending.TryTake(ref last))
                    {
                        taken.Add(last);
                    }
                    Assert.Equal(expected, taken);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Theory]
    [InlineData(1, 300_000)]
    [InlineData(3, 100_000)]
    [InlineData(7, 30_000)]
    public void NoWakeupIsLostWithRealThreads(int senders, int messages) =>
        Assert.True(Exchange<StrictOrder>(senders, messages, out string outcome), outcome);

    [Fact]
    public void WithoutTheSecondLookRealThreadsLoseOneSoon()
    {
        // One lost wake-up is enough; each round gives the threads many chances.
        bool lost = false;
        for (int round = 0; round < 20 && !lost; round++)
        {
            lost = !Exchange<NoSecondLook>(1, 50_000, out _);
        }
        Assert.True(lost);
    }

    private bool SleepsOverMessage<TOrder>()
        where TOrder : struct, IMemoryOrder
    {
        var pending = new PendingSet<TOrder>(_control);
        int peer = 0;
        Assert.False(pending.TryTake(ref peer));
        // Here the sender comes in between.
        bool rang = Announcer<TOrder>(1).Announce();
        return pending.TrySleep() && !rang;
    }

    /// <summary>Senders write to their rings and announce; the receiver sleeps whenever it finds nothing.</summary>
    /// <returns>False if it slept while a message waited.</returns>
    private bool Exchange<TOrder>(int senders, int messages, out string outcome)
        where TOrder : struct, IMemoryOrder
    {
        *_control = default;
        ChannelMemory[] memory = [.. Enumerable.Range(0, senders).Select(static _ => new ChannelMemory(16))];
        Channel[] inbound = [.. memory.Select(static m => m.Right)];
        using var stop = new CancellationTokenSource();
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, senders)
                .Select(sender => new Thread(() => SendAll<TOrder>(sender, memory[sender].Left, messages, stop.Token))),
        ];
        Array.ForEach(threads, static t => t.Start());
        bool complete = ReceiveAll<TOrder>(inbound, messages, out outcome);
        stop.Cancel();
        Array.ForEach(threads, static t => t.Join());
        Array.ForEach(memory, static m => m.Dispose());
        return complete;
    }

    private void SendAll<TOrder>(int sender, Channel channel, int messages, CancellationToken stop)
        where TOrder : struct, IMemoryOrder
    {
        Announcer<TOrder, HostDoorbell.Handle> announcer = Announcer<TOrder>(sender);
        ChannelWords words = default;
        for (int i = 0; i < messages && !stop.IsCancellationRequested; i++)
        {
            words[0] = (ulong)i;
            while (!channel.TrySend(in words, 0) && !stop.IsCancellationRequested)
            {
                Thread.Yield();
            }
            announcer.Announce();
        }
    }

    private bool ReceiveAll<TOrder>(Channel[] inbound, int messages, out string outcome)
        where TOrder : struct, IMemoryOrder
    {
        var pending = new PendingSet<TOrder>(_control);
        int[] received = new int[inbound.Length];
        int last = 0;
        outcome = "";
        while (received.Sum() < messages * inbound.Length)
        {
            while (pending.TryTake(ref last))
            {
                while (inbound[last].TryReceive(out ChannelWords words, out _))
                {
                    Assert.Equal((ulong)received[last]++, words[0]);
                }
            }
            LingerForMessage(inbound);
            if (received.Sum() < messages * inbound.Length && pending.TrySleep())
            {
                bool woken = HostDoorbell.All[0].Wait(typeof(TOrder) == typeof(StrictOrder) ? _stuck * 4 : _stuck / 10);
                pending.Awake();
                if (!woken)
                {
                    outcome = $"slept after {received.Sum()} messages";
                    return false;
                }
            }
        }
        return true;
    }

    /// <summary>Makes wide the gap in which a message must not be overlooked: between the last look and sleep.</summary>
    private static void LingerForMessage(Channel[] inbound)
    {
        const int patience = 200;
        for (int i = 0; i < patience && !Array.Exists(inbound, static c => c.HasMessage); i++)
        {
            Thread.SpinWait(1);
        }
    }

    private Announcer<TOrder, HostDoorbell.Handle> Announcer<TOrder>(int peer)
        where TOrder : struct, IMemoryOrder => new(_control, peer, new HostDoorbell.Handle(0));
}
