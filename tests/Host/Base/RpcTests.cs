using System;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Tests.Host.Base.Doubles;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>Generated client and dispatch against each other, through message buffers as the kernel would carry them.</summary>
[Collection("CapabilitySlots")]
public class RpcTests
{
    private static readonly CapabilitySlot _service = new(3);
    private TestServer _server;

    [Fact]
    public void IntegersArriveAsTheyWereSent()
    {
        using LoopbackKernel kernel = Serve();
        var client = new TestServiceClient(_service);
        Prop.ForAll<int, long, ulong>(
                (f, h, i) =>
                {
                    TestResult result = client.Integers(
                        true,
                        255,
                        -128,
                        -32768,
                        65535,
                        f,
                        uint.MaxValue,
                        h,
                        i,
                        out long sum
                    );
                    Assert.Equal(TestResult.Ok, result);
                    Assert.Equal(unchecked(1 + 255 - 128 - 32768 + 65535 + f + (long)uint.MaxValue + h + (long)i), sum);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void MethodsThatFitIntoRegistersNeedNoMore()
    {
        using LoopbackKernel kernel = Serve();
        var client = new TestServiceClient(_service);
        Prop.ForAll<bool, int, byte>(
                (a, b, c) =>
                {
                    TestResult result = client.Small(a, b, c, out bool d, out sbyte e, out PlacementKind kind);
                    Assert.Equal((TestResult.Refused, !a, unchecked((sbyte)(b + c))), (result, d, e));
                    Assert.Equal(PlacementKind.Any, kind);
                }
            )
            .QuickCheckThrowOnFailure();
        _server.AnsweredKind = (PlacementKind)99;
        Assert.Equal(TestResult.CallFailed, client.Small(true, 1, 2, out _, out _, out _));
    }

    [Theory]
    [InlineData(3, 0ul, 0ul, TestResult.CallFailed)]
    [InlineData(5, 0ul, 0ul, TestResult.CallFailed)]
    [InlineData(4, 2ul, 0ul, TestResult.CallFailed)]
    [InlineData(4, 0ul, 128ul, TestResult.CallFailed)]
    [InlineData(4, 1ul, 127ul, TestResult.Ok)]
    public void AServerThatAnswersNonsenseIsAFailedCall(int length, ulong d, ulong e, TestResult expected)
    {
        using var kernel = LoopbackKernel.Install(
            (ref RpcMessage _, ref RpcMessage reply) =>
            {
                reply.Label = RpcLabel.Reply(RpcStatus.Ok);
                reply.Length = length;
                (reply.Words[1], reply.Words[2]) = (d, e);
            }
        );
        TestResult result = new TestServiceClient(_service).Small(true, 1, 2, out _, out sbyte sum, out _);
        Assert.Equal(expected, result);
        Assert.Equal(expected == TestResult.Ok ? (sbyte)e : 0, sum);
    }

    [Fact]
    public void StructuresAreCopiedThereAndBack()
    {
        using LoopbackKernel kernel = Serve();
        var client = new TestServiceClient(_service);
        Assert.Equal(TestResult.Ok, client.Structures(new OddStructure(1, 2, 3), out OddStructure back));
        Assert.Equal((2ul, 3u, (byte)4), (back.First, back.Second, back.Third));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(ITestService.MaximumText)]
    public void TextTravelsWithItsLength(int length)
    {
        using LoopbackKernel kernel = Serve();
        var client = new TestServiceClient(_service);
        Assert.Equal(TestResult.Ok, client.Text(new byte[length], out int seen));
        Assert.Equal(length, seen);
    }

    [Fact]
    public void TextBeyondItsBoundIsNotSent()
    {
        using LoopbackKernel kernel = Serve();
        var client = new TestServiceClient(_service);
        Assert.Equal(TestResult.CallFailed, client.Text(new byte[ITestService.MaximumText + 1], out _));
        Assert.Equal(0, kernel.Calls);
    }

    [Fact]
    public void TheServersOwnResultArrives()
    {
        using LoopbackKernel kernel = Serve();
        Assert.Equal(TestResult.Refused, new TestServiceClient(_service).Text(default, out _));
    }

    [Fact]
    public void BuffersComeBackFilled()
    {
        using LoopbackKernel kernel = Serve();
        var client = new TestServiceClient(_service);
        Prop.ForAll<byte[]>(text =>
            {
                byte[] given = text.Take(200).ToArray();
                byte[] reversed = new byte[given.Length];
                Assert.Equal(TestResult.Ok, client.Reverse(given, reversed));
                Assert.Equal(given.AsEnumerable().Reverse(), reversed);
            })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void AValueThatAnEnumDoesNotHaveIsRefusedByTheServer()
    {
        using LoopbackKernel kernel = Serve();
        var client = new TestServiceClient(_service);
        Assert.Equal(TestResult.Ok, client.Enums(FrameRights.All, PlacementKind.Range, out _));
        Assert.Equal(TestResult.CallFailed, client.Enums((FrameRights)0x80, PlacementKind.Any, out _));
        Assert.Equal(TestResult.CallFailed, client.Enums(FrameRights.Read, (PlacementKind)4, out _));
        Assert.Equal(1, _server.Calls);
    }

    [Fact]
    public void AValueThatAnEnumDoesNotHaveIsRefusedByTheClient()
    {
        using LoopbackKernel kernel = Serve();
        _server.AnsweredKind = (PlacementKind)77;
        var client = new TestServiceClient(_service);
        Assert.Equal(TestResult.CallFailed, client.Enums(FrameRights.Read, PlacementKind.Any, out _));
    }

    [Fact]
    public void CapabilitiesKeepTheirPlacesAndOwnObjectsComeAsBadges()
    {
        using LoopbackKernel kernel = Serve();
        int before = CapabilitySlots.FreeCount;
        var client = new TestServiceClient(_service);
        const uint ownObject = LoopbackKernel.OwnObjects + 4;
        TestResult result = client.Capabilities(
            Capability.In(new CapabilitySlot(9)),
            default,
            Capability.In(new CapabilitySlot(ownObject)),
            out Capability back,
            out DataspaceCapability typed
        );
        Assert.Equal(TestResult.Ok, result);
        Assert.False(_server.First.Slot.IsNull);
        Assert.True(_server.Second.IsNone);
        Assert.Equal(ownObject, _server.Third.Badge);
        Assert.True(back.IsNone);
        Assert.False(typed.Capability.Slot.IsNull);
        // The reply's one slot and the server's window of three are taken; the client's unused slot is back.
        Assert.Equal(before - 1 - MessageLimits.MaximumCapabilities, CapabilitySlots.FreeCount);
    }

    [Fact]
    public void ACallThroughACapabilityOfAnotherKindIsAnsweredUnknown()
    {
        using LoopbackKernel kernel = Serve();
        Assert.Equal(LogResult.CallFailed, new LogSessionClient(_service).Write("text"u8, out _));
        Assert.Equal((ulong)RpcStatus.UnknownMethod, new MessageInfo(kernel.LastReply.Info).Label);
        Assert.Equal(0, _server.Calls);
    }

    [Fact]
    public void WithoutAServerTheCallFails()
    {
        SystemCalls.Double = null;
        Assert.Equal(TestResult.CallFailed, new TestServiceClient(_service).Text("x"u8, out int length));
        Assert.Equal(0, length);
    }

    [Fact]
    public void RegistersBeyondTheMessageDoNotTellWhatTheStackHeld()
    {
        using LoopbackKernel kernel = Serve();
        Assert.Equal(LogResult.CallFailed, new LogSessionClient(_service).Write("text"u8, out _));
        Assert.Equal((0ul, 0ul, 0ul, 0ul), Words(kernel.LastReply));
    }

    [Fact]
    public void MethodNumbersFollowTheOrderAndTheAttribute()
    {
        Assert.Equal(
            (1u, 2u, 3u),
            (TestServiceMethods.Integers, TestServiceMethods.Structures, TestServiceMethods.Small)
        );
        Assert.Equal((10u, 11u), (TestServiceMethods.Text, TestServiceMethods.Reverse));
    }

    [Fact]
    public void AnyMessageAtAllIsAnswered()
    {
        Prop.ForAll<ulong[], byte, int>(
                (words, method, length) =>
                {
                    var request = new RpcMessage { Length = length % 100 };
                    request.Label = RpcLabel.Request(TestServiceMethods.InterfaceHash, method % 14u);
                    for (int i = 0; i < words.Length && i < MessageLimits.MaximumWords; i++)
                    {
                        request.Words[i] = words[i] % 300;
                    }
                    var reply = new RpcMessage();
                    var server = new TestServer();
                    RpcStatus status = TestServiceDispatch.Dispatch(ref server, ref request, ref reply);
                    Assert.Equal(status == RpcStatus.Ok ? 1 : 0, server.Calls);
                    Assert.Equal((uint)status, reply.Label.Method);
                    Assert.InRange(reply.Length, 0, MessageLimits.MaximumWords);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void AWordTooFewOrTooManyIsABadMessage()
    {
        Assert.Equal(RpcStatus.BadMessage, DispatchStructures(2 - 1));
        Assert.Equal(RpcStatus.Ok, DispatchStructures(2));
        Assert.Equal(RpcStatus.BadMessage, DispatchStructures(2 + 1));
    }

    private static RpcStatus DispatchStructures(int length)
    {
        var request = new RpcMessage
        {
            Label = RpcLabel.Request(TestServiceMethods.InterfaceHash, TestServiceMethods.Structures),
            Length = length,
        };
        var reply = new RpcMessage();
        var server = new TestServer();
        return TestServiceDispatch.Dispatch(ref server, ref request, ref reply);
    }

    private static (ulong, ulong, ulong, ulong) Words(SystemCallFrame frame) =>
        (frame.Word0, frame.Word1, frame.Word2, frame.Word3);

    private LoopbackKernel Serve() =>
        LoopbackKernel.Install(
            (ref RpcMessage request, ref RpcMessage reply) =>
                TestServiceDispatch.Dispatch(ref _server, ref request, ref reply)
        );
}
