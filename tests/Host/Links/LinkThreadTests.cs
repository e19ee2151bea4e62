using System;
using System.Linq;
using System.Threading;
using Skerry.Base.Kernel;
using Skerry.Core.Links;
using Skerry.Tests.Host.Base;
using Xunit;

namespace Skerry.Tests.Host.Links;

/// <summary>
/// Clusters as threads: in each, one that receives and sleeps, and two that send to every other cluster. Rings are
/// smaller than the longest line, so that senders wait in the midst of one.
/// </summary>
[Collection("Doorbells")]
public sealed class LinkThreadTests
{
    private const int Senders = 2;
    private static readonly TimeSpan _longPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _shortPatience = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(2, 63, 1000)]
    [InlineData(2, 5, 600)]
    [InlineData(4, 8, 150)]
    [InlineData(8, 16, 25)]
    public void NoLineIsLostDoubledOrMixedWithAnother(int clusters, int slots, int lines) =>
        Assert.Null(Run<StrictLinkProtocol>(clusters, slots, lines, _longPatience));

    [Fact]
    public void WithoutTheLockLinesMix() => AssertBreaks<NoLock>(3, 8);

    [Fact]
    public void WithoutAnnouncingBeforeItWaitsASenderWaitsForEver() => AssertBreaks<NoAnnouncement>(2, 5);

    [Fact]
    public void ALineBetweenTheLastLookAndSleepIsFound() => Assert.False(SleepsOverLine<StrictLinkProtocol>());

    [Fact]
    public void WithoutTheSecondLookItIsSleptOver() => Assert.True(SleepsOverLine<NoSecondLook>());

    private static bool SleepsOverLine<TProtocol>()
        where TProtocol : struct, ILinkProtocol
    {
        using var machine = new LinkMachine<TProtocol>(2, 8);
        var handler = new LinkRecorder.Handler(new LinkRecorder());
        Assert.False(machine[0].Poll(ref handler));
        // Here the sender comes in between.
        machine[1].Send(0, LinkMessageKind.Log, "line"u8);
        return machine[0].TrySleep() && HostDoorbell.All[0].Rings == 0;
    }

    private static void AssertBreaks<TProtocol>(int clusters, int slots)
        where TProtocol : struct, ILinkProtocol
    {
        string? mistake = null;
        for (int round = 0; round < 30 && mistake == null; round++)
        {
            mistake = Run<TProtocol>(clusters, slots, 200, _shortPatience);
        }
        Assert.NotNull(mistake);
    }

    /// <summary>What went wrong; null if nothing did.</summary>
    private static string? Run<TProtocol>(int clusters, int slots, int lines, TimeSpan patience)
        where TProtocol : struct, ILinkProtocol
    {
        using var machine = new LinkMachine<TProtocol>(clusters, slots);
        using var stop = new CancellationTokenSource();
        Thread[] senders =
        [
            .. Enumerable
                .Range(0, clusters * Senders)
                .Select(thread => new Thread(() => SendUntilStopped(machine, thread, lines, stop.Token))),
        ];
        Receiver<TProtocol>[] receivers =
        [
            .. Enumerable.Range(0, clusters).Select(c => new Receiver<TProtocol>(machine, c, lines, patience)),
        ];
        Array.ForEach(senders, static t => t.Start());
        Array.ForEach(receivers, static r => r.Thread.Start());
        Array.ForEach(receivers, static r => r.Thread.Join());
        stop.Cancel();
        string? mistake = receivers.Select(static r => r.Mistake).FirstOrDefault(static m => m != null);
        Array.ForEach(senders, static t => t.Join());
        return mistake;
    }

    /// <summary>A protocol that is broken on purpose may leave a sender waiting.</summary>
    private static void SendUntilStopped<TProtocol>(
        LinkMachine<TProtocol> machine,
        int thread,
        int lines,
        CancellationToken stop
    )
        where TProtocol : struct, ILinkProtocol
    {
        SystemCalls.Stop = stop;
        try
        {
            SendAll(machine, thread, lines);
        }
        catch (OperationCanceledException) { }
    }

    private static void SendAll<TProtocol>(LinkMachine<TProtocol> machine, int thread, int lines)
        where TProtocol : struct, ILinkProtocol
    {
        Span<byte> line = stackalloc byte[LinkFrame.MaximumPayload];
        int own = thread / Senders;
        for (int i = 0; i < lines; i++)
        {
            int length = TestLine.Write(line, thread, i);
            for (int peer = 0; peer < machine.Clusters; peer++)
            {
                if (peer != own)
                {
                    machine[own].Send((uint)peer, LinkMessageKind.Log, line[..length]);
                }
            }
        }
    }

    private sealed class Receiver<TProtocol>
        where TProtocol : struct, ILinkProtocol
    {
        private readonly LinkMachine<TProtocol> _machine;
        private readonly TimeSpan _patience;
        private readonly int[] _next;
        private readonly int _lines;
        private readonly int _cluster;
        private int _missing;

        public Receiver(LinkMachine<TProtocol> machine, int cluster, int lines, TimeSpan patience)
        {
            _machine = machine;
            _patience = patience;
            _lines = lines;
            _next = new int[machine.Clusters * Senders];
            _missing = lines * Senders * (machine.Clusters - 1);
            _cluster = cluster;
            Thread = new Thread(Receive);
        }

        public Thread Thread { get; }

        public string? Mistake { get; private set; }

        private void Receive()
        {
            var handler = new Handler(this);
            while (_missing > 0 && Mistake == null)
            {
                if (!_machine[_cluster].Poll(ref handler) && _machine[_cluster].TrySleep())
                {
                    bool rung = HostDoorbell.All[_cluster].Wait(_patience);
                    _machine[_cluster].Awake();
                    if (!rung)
                    {
                        Mistake ??= $"cluster {_cluster} slept with {_missing} lines missing";
                    }
                }
            }
        }

        private void Take(uint cluster, ReadOnlySpan<byte> line)
        {
            int thread = TestLine.Check(line, out int number);
            if (thread < 0 || thread / Senders != (int)cluster || number >= _lines)
            {
                Mistake ??= $"cluster {_cluster} received from {cluster} what nobody sent";
                return;
            }
            if (number != _next[thread]++)
            {
                Mistake ??= $"cluster {_cluster}: line {number} of thread {thread} is not the next";
            }
            _missing--;
        }

        private readonly struct Handler(Receiver<TProtocol> receiver) : ILinkHandler
        {
            public bool TakesMore => true;

            public void OnLog(uint cluster, ReadOnlySpan<byte> line) => receiver.Take(cluster, line);

            public void OnFailed(uint cluster, in Failure failure) => Other();

            public void OnStatistics(uint cluster, in ClusterStatistics statistics) => Other();

            public void OnReady(uint cluster) => Other();

            public void OnShutdown(uint cluster) => Other();

            public void OnStopped(uint cluster) => Other();

            public void OnChannelNotice(uint cluster, in ChannelNotice notice) => Other();

            private void Other() => receiver.Mistake ??= "a message of a kind that nobody sent";
        }
    }

    private readonly struct NoLock : ILinkProtocol
    {
        public static bool LooksAgain => true;

        public static bool LocksWholeMessages => false;

        public static bool AnnouncesBeforeWaiting => true;

        public static void Fence() => Interlocked.MemoryBarrier();
    }

    private readonly struct NoAnnouncement : ILinkProtocol
    {
        public static bool LooksAgain => true;

        public static bool LocksWholeMessages => true;

        public static bool AnnouncesBeforeWaiting => false;

        public static void Fence() => Interlocked.MemoryBarrier();
    }

    private readonly struct NoSecondLook : ILinkProtocol
    {
        public static bool LooksAgain => false;

        public static bool LocksWholeMessages => true;

        public static bool AnnouncesBeforeWaiting => true;

        public static void Fence() => Interlocked.MemoryBarrier();
    }
}
