using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Many wait at an endpoint whom the receiver can't take. They are told in steps, and an interrupt is taken in between,
/// before the receiver gives anything up.
/// </summary>
public sealed unsafe class RefusedSenderTests
{
    // More than a few steps tell.
    private const int Senders = 70;

    private const ulong Here = 0x1000;

    private readonly World _world = new(2);
    private readonly uint _endpoint;
    private readonly Worker _server;
    private readonly Worker _client;
    private readonly List<Worker> _senders = [];

    public RefusedSenderTests()
    {
        _world.UseFastpath = false;
        _endpoint = _world.Make(ObjectType.Endpoint);
        _server = _world.StartPassive(0, _endpoint, 20);
        _client = _world.Start(0, 5);
        _world.Call(0, SystemCall.Call, _endpoint);
        Assert.True(_world.Cpu(0)->Current == _server.Thread);
    }

    /// <summary>Of the other CPU, so that the server goes on meanwhile.</summary>
    private void Queue(SystemCall call)
    {
        for (int i = 0; i < Senders; i++)
        {
            _senders.Add(_world.Start(1));
            _world.Call(1, call, _endpoint);
            _world.Serve(0);
        }
        Assert.All(_senders, sender => Assert.Equal(ThreadState.Sending, sender.State));
        Assert.True(_world.Cpu(0)->Current == _server.Thread);
    }

    /// <summary>The server's call, made again as often as an interrupt ends it.</summary>
    /// <returns>How often.</returns>
    private int Restarts(SystemCall call, Action? between = null)
    {
        int restarts = -1;
        do
        {
            restarts++;
            LocalApic.AsksUntilPending = 0;
            _server.Thread->Rip = Here;
            _world.Call(0, call, _endpoint);
            Assert.Empty(Invariants.Broken(_world));
            between?.Invoke();
            _world.Serve(1);
        } while (_server.Thread->Rip != Here);
        LocalApic.AsksUntilPending = -1;
        return restarts;
    }

    private void AllEnded(Status status)
    {
        _world.Serve(1);
        foreach (Worker sender in _senders)
        {
            Assert.True(sender.State is ThreadState.Ready or ThreadState.Running);
            Assert.Equal(status, sender.Status);
        }
    }

    [Fact]
    public void APassiveServerTellsThemBeforeItAnswers()
    {
        Queue(SystemCall.Send);
        Assert.True(Restarts(SystemCall.ReplyRecv, () => Assert.NotEqual(ThreadState.Sending, _client.State)) >= 3);
        AllEnded(Status.NoSchedulingContext);
        Assert.Equal(ThreadState.Receiving, _server.State);
        Assert.True(_world.Cpu(0)->Current == _client.Thread);
    }

    [Fact]
    public void NothingIsGivenUpWhileSomeAreLeft()
    {
        Queue(SystemCall.Send);
        LocalApic.AsksUntilPending = 0;
        _world.Call(0, SystemCall.ReplyRecv, _endpoint);
        Assert.Equal(ThreadState.AwaitingReply, _client.State);
        Assert.True(_world.Cpu(0)->Current == _server.Thread);
        Assert.InRange(_senders.Count(sender => sender.State != ThreadState.Sending), 1, Senders / 2);
    }

    [Fact]
    public void AReceiverWithoutAReplyObjectTellsCallers()
    {
        Assert.Equal(Status.Ok, _world.Schedule(_server.Slot, 20, _world.MakeTime()));
        Assert.Equal(Status.Ok, _world.Delete(_server.Reply));
        _world.Choose(0);
        Queue(SystemCall.Call);
        Assert.True(Restarts(SystemCall.Recv) >= 3);
        AllEnded(Status.InvalidState);
        Assert.Equal(ThreadState.Receiving, _server.State);
    }

    [Fact]
    public void WhoCanBeTakenIsTakenFromBehindThem()
    {
        Queue(SystemCall.Send);
        Worker caller = _world.Start(1);
        _world.Call(1, SystemCall.Call, _endpoint, info: 1, w0: 99);
        _world.Serve(0);
        Restarts(SystemCall.ReplyRecv);
        AllEnded(Status.NoSchedulingContext);
        Assert.Equal(ThreadState.AwaitingReply, caller.State);
        Assert.True(_world.Cpu(0)->Current == _server.Thread);
        Assert.Equal(99ul, _server.Thread->Word0);
    }

    /// <summary>It has a context still, but no time will ever come.</summary>
    [Fact]
    public void ACallerWhoseControlWentWhileItWaitedLendsNothing()
    {
        uint control = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.DeriveControl(control, World.FirstSchedControl + 1, 60));
        Worker caller = _world.MakeThread(1);
        Assert.Equal(Status.Ok, _world.ConfigureBy(caller.Context, 10_000, 0, control));
        _world.Resume(caller);
        _world.Call(1, SystemCall.Call, _endpoint);
        _world.Serve(0);
        Assert.Equal(Status.Ok, _world.Delete(control));
        Assert.Equal(ThreadState.Sending, caller.State);
        _world.Call(0, SystemCall.ReplyRecv, _endpoint);
        Assert.Equal(ThreadState.Receiving, _server.State);
        Assert.Equal(Status.NoSchedulingContext, caller.Status);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>A server that has put its caller aside polls, on that one's time: it keeps it, whoever only sends.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void NBRecvThatFindsNobodyGivesNothingBack(int senders)
    {
        uint second = _world.Make(ObjectType.Reply);
        Assert.Equal(Status.Ok, _world.OnThread(_server.Slot, ThreadOperation.SetReply, second));
        for (int i = 0; i < senders; i++)
        {
            _senders.Add(_world.Start(1));
            _world.Call(1, SystemCall.Send, _endpoint);
            _world.Serve(0);
        }
        _world.Call(0, SystemCall.NBRecv, _endpoint);
        Assert.Equal(Status.WouldBlock, _server.Status);
        AllEnded(Status.NoSchedulingContext);
        Assert.True(_world.Cpu(0)->Current == _server.Thread);
        Assert.Empty(Invariants.Broken(_world));
    }
}
