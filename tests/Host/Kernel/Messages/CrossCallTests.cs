using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Calls to passive servers of another CPU, and their answers, by their fastpaths.</summary>
public sealed unsafe class CrossCallTests
{
    private const ulong Used = 1000;
    private const ulong Badge = 77;

    private readonly World _world = new(2);
    private readonly uint _endpoint;
    private readonly uint _badged;
    private readonly Worker _server;
    private readonly Worker _client;

    /// <summary>A passive server waits on CPU 1, which idles; a client runs on CPU 0.</summary>
    public CrossCallTests()
    {
        _endpoint = _world.Make(ObjectType.Endpoint, cpu: 1);
        _badged = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Mint(_badged, _endpoint, Badge));
        _server = _world.StartPassive(1, _endpoint);
        _client = _world.Start(0);
    }

    private void Consistent() => Assert.Empty(Invariants.Broken(_world));

    private SchedContext* Time => (SchedContext*)_world.Slot(_client.Context)->Object;

    private bool TakesCall()
    {
        int before = _world.FastCalls;
        _world.Call(0, SystemCall.Call, _badged, 1, 71);
        return _world.FastCalls != before;
    }

    private bool TakesAnswer()
    {
        int before = _world.FastCalls;
        _world.Call(1, SystemCall.ReplyRecv, _endpoint, 1, 72);
        return _world.FastCalls != before;
    }

    private bool TakesArrival(uint cpu)
    {
        int before = World.Taken.GetValueOrDefault("Arrival");
        _world.Serve(cpu);
        return World.Taken.GetValueOrDefault("Arrival") != before;
    }

    [Fact]
    public void ACallGoesThereAndBackOnTheCallerSTime()
    {
        ulong ran = Time->Consumed;
        ulong left = Time->Remaining;
        Hardware.Clock += Used;
        Assert.True(TakesCall());
        Assert.True(_world.Cpu(0)->Current == null && _world.Cpu(0)->Charged == null);
        Assert.Equal(ThreadState.Sending, _client.State);
        Consistent();
        // On its way nobody is charged.
        Hardware.Clock += Used;
        Assert.True(TakesArrival(1));
        Assert.True(_world.Cpu(1)->Current == _server.Thread && _world.Cpu(1)->Charged == Time);
        Assert.Equal((Badge, 1ul, 71ul), (_server.Thread->Rdi, _server.Thread->Info, _server.Thread->Word0));
        Assert.Equal(Status.Ok, _server.Status);
        Assert.Equal(ThreadState.AwaitingReply, _client.State);
        Assert.Equal(Hardware.Clock + left - Used, _world.Cpu(1)->TimerSetFor);
        Consistent();
        Hardware.Clock += Used;
        Assert.True(TakesAnswer());
        Assert.True(_world.Cpu(1)->Current == null && _world.Cpu(1)->Charged == null);
        Assert.Equal(DeadlineTimer.Never, _world.Cpu(1)->TimerSetFor);
        Assert.Equal(ThreadState.Receiving, _server.State);
        Consistent();
        Assert.True(TakesArrival(0));
        Assert.True(_world.Cpu(0)->Current == _client.Thread && _world.Cpu(0)->Charged == Time);
        Assert.Equal((0ul, 1ul, 72ul), (_client.Thread->Rdi, _client.Thread->Info, _client.Thread->Word0));
        Assert.Equal(Status.Ok, _client.Status);
        Assert.Equal((ran + 2 * Used, left - 2 * Used), (Time->Consumed, Time->Remaining));
        Consistent();
    }

    [Theory]
    [InlineData("no right")]
    [InlineData("the caller's time is up")]
    [InlineData("a revoke is under way")]
    [InlineData("the lock is taken")]
    public void ACallTakesTheSlowPathIf(string reason)
    {
        switch (reason)
        {
            case "no right":
                uint receiving = _world.NewSlot();
                const EndpointRights right = EndpointRights.Receive;
                Assert.Equal(Status.Ok, _world.Mint(receiving, _endpoint, Badge, (byte)right));
                int before = _world.FastCalls;
                _world.Call(0, SystemCall.Call, receiving, 1, 71);
                Assert.Equal(before, _world.FastCalls);
                Assert.Equal(Status.MissingRight, _client.Status);
                return;
            case "the caller's time is up":
                Hardware.Clock += Time->Remaining;
                Assert.False(TakesCall());
                break;
            default:
                bool taken = true;
                _world.WhileWaiting(0, () => { }, () => taken = TakesCall());
                Assert.False(taken);
                break;
        }
        Assert.Equal(ThreadState.Sending, _client.State);
        Consistent();
    }

    /// <summary>The slot was read, and the lock is not taken: what is there under the lock counts.</summary>
    [Fact]
    public void ACapabilityThatGoesBeforeTheLockIsTakenIsNotUsed()
    {
        ReadPoint.At(
            ReadPlace.LockWanted,
            () =>
                ClusterLock.Hold(() => Skerry.Kernel.Capabilities.Deletion.Delete(_world.Cpu(1), _world.Slot(_badged)))
        );
        Assert.False(TakesCall());
        Assert.False(ReadPoint.IsAwaited);
        Assert.Equal(Status.InvalidCapability, _client.Status);
        Assert.True(_world.Cpu(0)->Current == _client.Thread);
        Consistent();
    }

    [Theory]
    [InlineData("nobody waits")]
    [InlineData("the server has time of its own")]
    [InlineData("the caller lost its time")]
    [InlineData("another came too")]
    [InlineData("a signal came too")]
    [InlineData("a notification is bound")]
    [InlineData("parked")]
    public void ACallArrivesByTheSlowPathIf(string reason)
    {
        if (reason == "a notification is bound")
        {
            uint bound = _world.Make(ObjectType.Notification, 1);
            Assert.Equal(Status.Ok, _world.OnThread(_server.Slot, ThreadOperation.BindNotification, bound));
        }
        if (reason == "the server has time of its own")
        {
            uint own = _world.MakeTime(1);
            Assert.Equal(Status.Ok, _world.Schedule(_server.Slot, 10, own));
        }
        if (reason == "parked")
        {
            Assert.Equal(Status.Ok, _world.Invoke(0, World.FirstCpuControl + 1, (ulong)CpuControlOperation.Park));
        }
        Assert.True(TakesCall());
        switch (reason)
        {
            case "nobody waits":
                Assert.Equal(Status.Ok, _world.OnThread(_server.Slot, ThreadOperation.Suspend));
                break;
            case "the caller lost its time":
                Time->Remaining = 0;
                break;
            case "another came too":
                _world.Start(0);
                Assert.True(TakesCall());
                break;
            case "a signal came too":
                _world.Start(0);
                _world.Call(0, SystemCall.Signal, _world.Make(ObjectType.Notification, 1));
                break;
        }
        Assert.False(TakesArrival(1));
        Consistent();
    }

    [Theory]
    [InlineData("the caller's turn is over")]
    [InlineData("the caller was stopped")]
    [InlineData("another waits")]
    [InlineData("the time is up")]
    [InlineData("the lock is taken")]
    public void AnAnswerTakesTheSlowPathIf(string reason)
    {
        Assert.True(TakesCall());
        Assert.True(TakesArrival(1));
        bool taken = true;
        switch (reason)
        {
            case "the caller's turn is over":
                _server.Thread->Reply->CallersTurnIsOver = true;
                break;
            case "the caller was stopped":
                Assert.Equal(Status.Ok, _world.OnThread(_client.Slot, ThreadOperation.Suspend));
                break;
            case "another waits":
                _world.Start(0);
                Assert.True(TakesCall());
                _world.Serve(1);
                break;
            case "the time is up":
                Hardware.Clock += Time->Remaining;
                break;
        }
        if (reason == "the lock is taken")
        {
            _world.WhileWaiting(1, () => { }, () => taken = TakesAnswer());
        }
        else
        {
            taken = TakesAnswer();
        }
        Assert.False(taken);
        Consistent();
    }

    /// <summary>Nothing that is handed over names what is gone.</summary>
    [Fact]
    public void ACallArrivesBeforeItsEndpointGoes()
    {
        Assert.True(TakesCall());
        Assert.Equal(Status.Ok, _world.Revoke(_endpoint));
        Assert.Equal(Status.Ok, _world.Delete(_endpoint));
        Assert.Equal(ThreadState.AwaitingReply, _client.State);
        Assert.Equal(0ul, _world.Cpu(1)->Shared.RequestHead);
        Assert.False(TakesArrival(1));
        Consistent();
    }

    /// <summary>It is handed over, and stopped before it is served: it is in no list any more, and its call has ended.</summary>
    [Fact]
    public void ACallerIsStoppedOnItsWay()
    {
        Assert.True(TakesCall());
        Assert.Equal(Status.Ok, _world.OnThread(_client.Slot, ThreadOperation.Suspend));
        Assert.Equal((ThreadState.Inactive, Status.Cancelled), (_client.State, _client.Status));
        Assert.Equal(0ul, _world.Cpu(1)->Shared.RequestHead);
        Assert.False(TakesArrival(1));
        Consistent();
    }

    /// <summary>The same of an answer that is on its way back.</summary>
    [Fact]
    public void ACallerThatWasAnsweredIsStoppedOnItsWayBack()
    {
        Assert.True(TakesCall());
        Assert.True(TakesArrival(1));
        Assert.True(TakesAnswer());
        Assert.Equal(Status.Ok, _world.OnThread(_client.Slot, ThreadOperation.Suspend, by: 1));
        Assert.Equal(ThreadState.Inactive, _client.State);
        Assert.Equal(0ul, _world.Cpu(0)->Shared.RequestHead);
        Assert.False(TakesArrival(0));
        Consistent();
    }
}
