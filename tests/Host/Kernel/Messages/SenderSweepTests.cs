using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>CancelBadgedSends, and the end of endpoints that many wait at: in steps, with others in between.</summary>
public sealed unsafe class SenderSweepTests
{
    // More than one step looks at.
    private const int Senders = 70;

    private readonly World _world = new(2);
    private readonly uint _endpoint;
    private readonly uint[] _badged = new uint[3];
    private readonly List<(Worker Worker, int Badge)> _senders = [];

    public SenderSweepTests()
    {
        _endpoint = _world.Make(ObjectType.Endpoint);
        for (uint i = 1; i < 3; i++)
        {
            _badged[i] = _world.NewSlot();
            Assert.Equal(Status.Ok, _world.Mint(_badged[i], _endpoint, i));
        }
        for (int i = 0; i < Senders; i++)
        {
            int badge = 1 + i % 2;
            _senders.Add((_world.Start(0), badge));
            _world.Call(0, i % 3 == 0 ? SystemCall.Send : SystemCall.Call, _badged[badge]);
        }
    }

    private Endpoint* Endpoint => (Endpoint*)_world.Slot(_endpoint)->Object;

    private Status Cancel(int badge) => _world.Invoke(0, _badged[badge], (ulong)EndpointOperation.CancelBadgedSends);

    private void InterruptAlways(int asks, Action? between = null)
    {
        LocalApic.AsksUntilPending = asks;
        _world.Between = () =>
        {
            Assert.Empty(Invariants.Broken(_world));
            between?.Invoke();
            LocalApic.AsksUntilPending = asks;
        };
    }

    private void Check(params int[] cancelled)
    {
        LocalApic.AsksUntilPending = -1;
        _world.Between = null;
        foreach ((Worker worker, int badge) in _senders)
        {
            bool isCancelled = cancelled.Contains(badge);
            Assert.Equal(isCancelled ? ThreadState.Ready : ThreadState.Sending, Settled(worker));
            Assert.True(!isCancelled || worker.Status == Status.Cancelled);
        }
        Assert.Empty(Invariants.Broken(_world));
    }

    // One of those who are ready again runs.
    private static ThreadState Settled(Worker worker) =>
        worker.State == ThreadState.Running ? ThreadState.Ready : worker.State;

    [Fact]
    public void ThoseWithTheBadgeEndAndTheOthersWait()
    {
        Assert.Equal(Status.Ok, Cancel(1));
        Check(1);
    }

    [Fact]
    public void ItGoesOnAfterAnInterrupt()
    {
        InterruptAlways(0);
        Assert.Equal(Status.Ok, Cancel(2));
        Assert.Equal((Senders + 31) / 32, _world.Restarts);
        Check(2);
    }

    [Fact]
    public void TwoAtATimeHelpEachOther()
    {
        bool begun = false;
        InterruptAlways(
            0,
            () =>
            {
                if (!begun)
                {
                    begun = true;
                    Status other = _world.InvokeBetween(1, _badged[2], (ulong)EndpointOperation.CancelBadgedSends);
                    Assert.Equal(Status.Ok, other);
                }
            }
        );
        Assert.Equal(Status.Ok, Cancel(1));
        Check(1, 2);
    }

    [Fact]
    public void WhoIsNextMayGoInBetween()
    {
        int gone = 0;
        InterruptAlways(
            0,
            () =>
            {
                // The one at which the sweep stopped.
                Thread* next = Endpoint->SweepNext;
                if (next == null)
                {
                    return;
                }
                int index = _senders.FindIndex(each => each.Worker.Thread == next);
                uint slot = _senders[index].Worker.Slot;
                _senders.RemoveAt(index);
                Status status = _world.InvokeBetween(1, slot, (ulong)ThreadOperation.Suspend);
                Assert.Equal(Status.Ok, status);
                gone++;
            }
        );
        Assert.Equal(Status.Ok, Cancel(1));
        Assert.NotEqual(0, gone);
        Check(1);
    }

    [Fact]
    public void FromAnotherCPUItWorksToo()
    {
        Status status = _world.Invoke(1, _badged[1], (ulong)EndpointOperation.CancelBadgedSends);
        Assert.Equal(Status.Ok, status);
        _world.Serve(0);
        Check(1);
    }

    [Fact]
    public void AnEndpointWithManySendersEndsInSteps()
    {
        Assert.Equal(Status.Ok, _world.Delete(_badged[1]));
        Assert.Equal(Status.Ok, _world.Delete(_badged[2]));
        InterruptAlways(
            0,
            () =>
            {
                Assert.Equal(Status.BeingDeleted, _world.InvokeBetween(1, _endpoint, 1));
                Assert.Equal(
                    Status.BeingDeleted,
                    _world.InvokeBetween(
                        1,
                        World.Own,
                        (ulong)CapTableOperation.Copy,
                        _world.NewSlot(),
                        World.Pack(_endpoint, 7)
                    )
                );
            }
        );
        Assert.Equal(Status.Ok, _world.Delete(_endpoint));
        Assert.True(_world.Restarts >= Senders / 32);
        Check(1, 2);
    }

    [Fact]
    public void ANotificationWithManyWaitersEndsInSteps()
    {
        uint notification = _world.Make(ObjectType.Notification);
        var waiters = new List<Worker>();
        for (int i = 0; i < 40; i++)
        {
            waiters.Add(_world.Start(0));
            _world.Call(0, SystemCall.Wait, notification);
        }
        InterruptAlways(0);
        Assert.Equal(Status.Ok, _world.Delete(notification));
        Assert.True(_world.Restarts >= 1);
        Assert.All(waiters, each => Assert.Equal(Status.Cancelled, each.Status));
        Check();
    }

    [Fact]
    public void AReplyObjectThatGoesCancelsItsCaller()
    {
        uint called = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, called, 12);
        Worker caller = _world.Start(0, 12);
        _world.Call(0, SystemCall.Call, called);
        Assert.Equal(ThreadState.AwaitingReply, caller.State);
        Assert.Equal(Status.Ok, _world.Delete(server.Reply));
        Assert.Equal(Status.Cancelled, caller.Status);
        Assert.True(server.Thread->Reply == null);
        Check();
    }
}
