using System;
using System.Runtime.InteropServices;
using System.Text;
using Internal.Runtime.CompilerHelpers;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Tests.Host.Base.Doubles;
using Xunit;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Tests.Host.Base;

/// <summary>What a component sees of its parent, and what it does when its account is empty.</summary>
[Collection("CapabilitySlots")]
public sealed unsafe class StartupTests : IDisposable
{
    private readonly StartupBlock* _block = (StartupBlock*)NativeMemory.AllocZeroed((nuint)UserLayout.PageSize);
    private Parent _parent;

    public void Dispose() => NativeMemory.Free(_block);

    [Fact]
    public void TheBlockFitsItsPageAndKeepsWhatItIsTold()
    {
        Assert.True(sizeof(StartupBlock) <= (int)UserLayout.PageSize);
        _block->Name.Set("client"u8);
        Assert.True(_block->Arguments.TrySet("rounds=5"u8));
        Assert.False(_block->Arguments.TrySet(new byte[StartupBlock.MaximumArguments + 1]));
        var environment = new Environment(_block);
        Assert.Equal("client", Encoding.UTF8.GetString(environment.Name));
        Assert.Equal("rounds=5", Encoding.UTF8.GetString(environment.Arguments));
    }

    [Fact]
    public void AnEmptyAccountBecomesAResourceRequestAndWorkGoesOn()
    {
        _parent.Grants = true;
        using LoopbackKernel kernel = Serve();
        AllocationResult result = new Environment(_block).Ram.Allocate(8192, out DataspaceCapability dataspace);
        Assert.Equal(AllocationResult.Ok, result);
        Assert.False(dataspace.Capability.IsNone);
        Assert.Equal((1, 8192ul), (_parent.Requests, _parent.Wanted.RamBytes));
    }

    [Fact]
    public void AParentThatGivesNothingIsAskedOnce()
    {
        using LoopbackKernel kernel = Serve();
        AllocationResult result = new Environment(_block).Ram.Allocate(8192, out DataspaceCapability dataspace);
        Assert.Equal(AllocationResult.OutOfRam, result);
        Assert.True(dataspace.Capability.IsNone);
        Assert.Equal(1, _parent.Requests);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(480, 1)]
    [InlineData(481, 2)]
    [InlineData(2000, 5)]
    public void LogTextOfAnyLengthGoesOutInParts(int length, int messages)
    {
        using LoopbackKernel kernel = Serve();
        Assert.Equal(LogResult.Ok, new Environment(_block).Log.Write(new byte[length]));
        Assert.Equal((messages, length), (kernel.Calls, _parent.LoggedBytes));
    }

    [Fact]
    public void WhatTheConsoleIsTooBusyForIsWrittenAgain()
    {
        _parent.Room = 100;
        using LoopbackKernel kernel = Serve();
        Assert.Equal(LogResult.Ok, new Environment(_block).Log.Write(new byte[250]));
        Assert.Equal((3, 250), (kernel.Calls, _parent.LoggedBytes));
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(479, 1)]
    [InlineData(480, 2)]
    public void ALineEndsWithALineFeed(int length, int messages)
    {
        using LoopbackKernel kernel = Serve();
        Assert.Equal(LogResult.Ok, new Environment(_block).Log.WriteLine(new byte[length]));
        Assert.Equal((messages, length + 1), (kernel.Calls, _parent.LoggedBytes));
    }

    /// <summary>What a server passes on for a client, who hears what became of it.</summary>
    [Theory]
    [InlineData(480, 0, LogResult.Ok, 1)]
    [InlineData(481, 0, LogResult.CallFailed, 0)]
    [InlineData(480, 100, LogResult.Busy, 1)]
    public void AWholeLineIsOneMessageOrNone(int length, int room, LogResult result, int messages)
    {
        _parent.Room = room;
        using LoopbackKernel kernel = Serve();
        Assert.Equal(result, new Environment(_block).Log.TryWriteWhole(new byte[length]));
        Assert.Equal(messages, kernel.Calls);
    }

    /// <summary>Nobody serves the session.</summary>
    [Fact]
    public void ALineThatReachesNobodyIsNotWritten()
    {
        SystemCalls.Double = null;
        Assert.Equal(LogResult.CallFailed, new Environment(_block).Log.TryWriteWhole("line\n"u8));
        Assert.Equal(LogResult.CallFailed, new Environment(_block).Log.Write("line\n"u8));
    }

    [Fact]
    public void StackSlotsAreAlignedToTheirSizeAndNeverTheMainThreads()
    {
        Assert.True(StackSlots.TryAllocate(out uint slot));
        Assert.NotEqual(0u, slot);
        Assert.Equal(0ul, StackSlots.Base(slot) % UserLayout.StackSlotSize);
        StackSlots.Free(slot);
    }

    private LoopbackKernel Serve() =>
        LoopbackKernel.Install(
            (ref RpcMessage request, ref RpcMessage reply) =>
            {
                switch ((StartupSlot)request.Badge)
                {
                    case StartupSlot.Parent:
                        ParentDispatch.Dispatch(ref _parent, ref request, ref reply);
                        break;
                    case StartupSlot.Log:
                        LogSessionDispatch.Dispatch(ref _parent, ref request, ref reply);
                        break;
                    default:
                        AnswerAllocation(ref request, ref reply);
                        break;
                }
            }
        );

    /// <summary>The account is empty until the parent has granted something.</summary>
    private void AnswerAllocation(ref RpcMessage request, ref RpcMessage reply)
    {
        Assert.Equal(PdSessionMethods.AllocateRam, request.Label.Method);
        bool hasQuota = _parent is { Grants: true, Requests: > 0 };
        var writer = new MessageWriter(ref reply, RpcLabel.Reply(RpcStatus.Ok));
        writer.WriteWord((ulong)(hasQuota ? AllocationResult.Ok : AllocationResult.OutOfRam));
        writer.WriteCapability(hasQuota ? Capability.In(new CapabilitySlot(9)) : Capability.None);
    }

    private struct Parent : IParent, ILogSession
    {
        public bool Grants;
        public int Requests;
        public Quota Wanted;
        public int LoggedBytes;

        /// <summary>Bytes that are taken of one message; 0: all.</summary>
        public int Room;

        public ParentResult RequestResources(Quota wanted)
        {
            Requests++;
            Wanted = wanted;
            return Grants ? ParentResult.Ok : ParentResult.Denied;
        }

        public LogResult Write(ReadOnlySpan<byte> text, out uint taken)
        {
            bool isBusy = Room != 0 && text.Length > Room;
            taken = isBusy ? (uint)Room : (uint)text.Length;
            LoggedBytes += (int)taken;
            return isBusy ? LogResult.Busy : LogResult.Ok;
        }

        public ParentResult OpenSession(
            ReadOnlySpan<byte> service,
            ReadOnlySpan<byte> label,
            ReadOnlySpan<byte> arguments,
            Affinity affinity,
            Quota donation,
            out SessionCapability session,
            out SessionId id
        )
        {
            session = default;
            id = default;
            return ParentResult.Denied;
        }

        public ParentResult CloseSession(SessionId session) => ParentResult.UnknownSession;

        public ParentResult Announce(ReadOnlySpan<byte> service, NotificationCapability requests) =>
            ParentResult.Denied;

        public ParentResult NextRequest(out SessionRequest request, Span<byte> label, Span<byte> arguments)
        {
            request = default;
            return ParentResult.Pending;
        }

        public ParentResult AnswerRequest(SessionId session, SessionResult result, SessionCapability capability) =>
            ParentResult.UnknownSession;

        public ParentResult Exit(ulong value) => ParentResult.CallFailed;
    }

    /// <summary>Each reason has its words, and a component's own numbers are left numbers.</summary>
    [Fact]
    public void AFailureIsToldInWords()
    {
        foreach (FailureReason reason in System.Enum.GetValues<FailureReason>())
        {
            Assert.False(FailureNames.OfExit(ExitValue.RuntimeFailure + (ulong)reason).IsEmpty);
        }
        Assert.True(FailureNames.OfExit(ExitValue.RuntimeFailure + 1).SequenceEqual("index out of range"u8));
        foreach (ulong own in (ulong[])[0, 1, ExitValue.RuntimeFailure, ulong.MaxValue])
        {
            Assert.True(FailureNames.OfExit(own).IsEmpty);
        }
    }
}
