using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Skerry.Base.Channels;
using Skerry.Base.Rpc;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>Clusters as threads: each with its inbound area and its hub, laid out as on the machine.</summary>
[Collection("Doorbells")]
public sealed unsafe class ChannelHubTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);
    private static int running;
    private static int clusterCount;
    private static readonly ChannelHub<HostDoorbell.Handle, Host>*[] _hubs = new ChannelHub<HostDoorbell.Handle, Host>*[
        8
    ];
    private readonly byte*[] _inbound = new byte*[8];

    public void Dispose()
    {
        for (int i = 0; i < clusterCount; i++)
        {
            NativeMemory.AlignedFree(_inbound[i]);
            NativeMemory.Free(_hubs[i]);
        }
    }

    [Fact]
    public void AClientDoesNotKnowThatItsServerIsInAnotherCluster() =>
        RunClusters(
            2,
            static cluster =>
            {
                TestServiceClient<ChannelTransport<HostDoorbell.Handle, Host>> client = Client(
                    cluster,
                    1 - cluster,
                    42
                );
                byte[] text = [.. Enumerable.Range(0, 200).Select(static i => (byte)i)];
                byte[] reversed = new byte[200];
                for (int i = 0; i < 20_000; i++)
                {
                    Assert.Equal(
                        TestResult.Ok,
                        client.Structures(new OddStructure((ulong)i, 2, 3), out OddStructure back)
                    );
                    Assert.Equal((ulong)i + 1, back.First);
                    Assert.Equal(TestResult.Refused, client.Small(true, i, 7, out _, out sbyte sum, out _));
                    Assert.Equal(unchecked((sbyte)(i + 7)), sum);
                    if (i % 16 == 0)
                    {
                        Assert.Equal(TestResult.Ok, client.Reverse(text, reversed));
                        Assert.Equal(199, reversed[0]);
                        Assert.Equal(0, reversed[199]);
                    }
                }
            }
        );

    [Fact]
    public void ClustersThatCallEachOtherInACircleDoNotWaitForEver() =>
        RunClusters(
            4,
            static cluster =>
            {
                for (int i = 0; i < 2_000; i++)
                {
                    // The number is how many more clusters the call goes through; each answers with one more.
                    TestServiceClient<ChannelTransport<HostDoorbell.Handle, Host>> next = Client(
                        cluster,
                        (cluster + 1) % 4,
                        42
                    );
                    Assert.Equal(TestResult.Ok, next.Text(new byte[6], out int hops));
                    Assert.Equal(7, hops);
                }
            }
        );

    [Fact]
    public void CapabilitiesDoNotLeaveTheirCluster() =>
        RunClusters(
            2,
            static cluster =>
                Assert.Equal(
                    TestResult.CallFailed,
                    Client(cluster, 1 - cluster, 42)
                        .Capabilities(
                            Skerry.Base.Kernel.Capability.In(new Skerry.Base.Kernel.CapabilitySlot(1)),
                            default,
                            default,
                            out _,
                            out _
                        )
                )
        );

    [Fact]
    public void AnUnknownObjectAndAnUnknownPeerFail()
    {
        RunClusters(
            2,
            static cluster =>
            {
                Assert.Equal(TestResult.CallFailed, Client(cluster, 1 - cluster, 43).Text("x"u8, out _));
                Assert.Equal(TestResult.CallFailed, Client(cluster, 2, 42).Text("x"u8, out _));
                Assert.Equal(TestResult.CallFailed, Client(cluster, -1, 42).Text("x"u8, out _));
            }
        );
    }

    private static TestServiceClient<ChannelTransport<HostDoorbell.Handle, Host>> Client(
        int cluster,
        int peer,
        ulong target
    ) => new(new ChannelTransport<HostDoorbell.Handle, Host>(_hubs[cluster], peer, target));

    private void RunClusters(int count, Action<int> body)
    {
        Build(count);
        var mistakes = new Exception?[count];
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, count)
                .Select(cluster => new Thread(() =>
                {
                    try
                    {
                        body(cluster);
                    }
                    catch (Exception mistake)
                    {
                        mistakes[cluster] = mistake;
                    }
                    Interlocked.Decrement(ref running);
                    while (Volatile.Read(ref running) > 0)
                    {
                        _hubs[cluster]->Poll();
                        Thread.Yield();
                    }
                })),
        ];
        Array.ForEach(threads, static t => t.Start());
        Array.ForEach(threads, static t => Assert.True(t.Join(_limit), "a cluster waits for ever"));
        Assert.All(mistakes, static m => Assert.Null(m));
    }

    private void Build(int count)
    {
        clusterCount = count;
        running = count;
        for (int i = 0; i < count; i++)
        {
            _inbound[i] = ChannelMemory.Allocate(ChannelLayout.InboundBytes((uint)count));
            HostDoorbell.All[i] = new HostDoorbell();
        }
        for (int i = 0; i < count; i++)
        {
            _hubs[i] = BuildHub(i, count);
        }
    }

    private ChannelHub<HostDoorbell.Handle, Host>* BuildHub(int own, int count)
    {
        nuint linkBytes = (nuint)(sizeof(ChannelLink<HostDoorbell.Handle>) * count);
        nuint hubBytes = (nuint)sizeof(ChannelHub<HostDoorbell.Handle, Host>);
        byte* memory = (byte*)NativeMemory.AllocZeroed(hubBytes + linkBytes);
        var links = (ChannelLink<HostDoorbell.Handle>*)(memory + hubBytes);
        for (int peer = 0; peer < count; peer++)
        {
            var channel = new Channel(
                _inbound[own] + ChannelLayout.RingOffset((uint)peer),
                _inbound[peer] + ChannelLayout.RingOffset((uint)own),
                ChannelLayout.SlotsPerPage
            );
            var announcer = new Announcer<StrictOrder, HostDoorbell.Handle>(
                (ReceiverControl*)_inbound[peer],
                own,
                new HostDoorbell.Handle(peer)
            );
            links[peer] = new ChannelLink<HostDoorbell.Handle>(channel, announcer);
        }
        var hub = (ChannelHub<HostDoorbell.Handle, Host>*)memory;
        *hub = new ChannelHub<HostDoorbell.Handle, Host>(links, count, (ReceiverControl*)_inbound[own], new Host(own));
        return hub;
    }

    /// <summary>A cluster's server of object 42. Text of more than no bytes is passed on, one byte shorter.</summary>
    internal readonly struct Host(int cluster) : IChannelHost
    {
        public void WaitForDoorbell() => HostDoorbell.All[cluster].Wait(_limit);

        public bool Handle(ref RpcMessage request, ref RpcMessage reply)
        {
            if (request.Badge == 42 && request.Label.Method == TestServiceMethods.Text && clusterCount > 2)
            {
                var relay = new Relay(cluster);
                TestServiceDispatch.Dispatch(ref relay, ref request, ref reply);
            }
            else if (request.Badge == 42)
            {
                var server = new TestServer();
                TestServiceDispatch.Dispatch(ref server, ref request, ref reply);
            }
            return true;
        }
    }

    private struct Relay(int cluster) : ITestService
    {
        private TestServer _others;

        public TestResult Text(ReadOnlySpan<byte> text, out int length)
        {
            length = 1;
            if (text.IsEmpty)
            {
                return TestResult.Ok;
            }
            TestResult result = Client(cluster, (cluster + 1) % clusterCount, 42).Text(text[1..], out int rest);
            length = rest + 1;
            return result;
        }

        public TestResult Integers(
            bool a,
            byte b,
            sbyte c,
            short d,
            ushort e,
            int f,
            uint g,
            long h,
            ulong i,
            out long sum
        ) => _others.Integers(a, b, c, d, e, f, g, h, i, out sum);

        public TestResult Structures(in OddStructure given, out OddStructure back) =>
            _others.Structures(in given, out back);

        public TestResult Small(
            bool a,
            int b,
            byte c,
            out bool d,
            out sbyte e,
            out Skerry.Base.Sessions.PlacementKind f
        ) => _others.Small(a, b, c, out d, out e, out f);

        public TestResult Reverse(ReadOnlySpan<byte> text, Span<byte> reversed) => _others.Reverse(text, reversed);

        public TestResult Enums(
            Abi.FrameRights flags,
            Skerry.Base.Sessions.PlacementKind kind,
            out Skerry.Base.Sessions.PlacementKind back
        ) => _others.Enums(flags, kind, out back);

        public TestResult Capabilities(
            Skerry.Base.Kernel.Capability first,
            Skerry.Base.Sessions.DataspaceCapability second,
            Skerry.Base.Kernel.Capability third,
            out Skerry.Base.Kernel.Capability back,
            out Skerry.Base.Sessions.DataspaceCapability typed
        ) => _others.Capabilities(first, second, third, out back, out typed);
    }
}
