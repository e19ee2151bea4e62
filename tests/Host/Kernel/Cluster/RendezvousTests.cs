using System;
using System.Runtime.Intrinsics.X86;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Layout;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>CPUs that stand still for another one.</summary>
public sealed unsafe class RendezvousTests
{
    private readonly World _world = new(2);

    private Cpu* Own => _world.Cpu(0);

    private Cpu* Other => _world.Cpu(1);

    private void Hold() => ClusterLock.Hold(() => Rendezvous.Hold(Own, Other));

    private bool StandsStill => Other->Shared.RendezvousRequest != 0;

    [Fact]
    public void ACPUThatIsHeldTwiceGoesOnAfterTheSecondRelease()
    {
        Hold();
        Hold();
        Assert.Single(LocalApic.Sent, sent => sent.Vector == Vectors.Rendezvous);
        Rendezvous.Release(Own, Other);
        Assert.True(StandsStill);
        Rendezvous.Release(Own, Other);
        Assert.False(StandsStill);
    }

    [Fact]
    public void AFlushLeavesACPUThatStandsStillWhereItIs()
    {
        Hold();
        LocalApic.Sent.Clear();
        Rendezvous.Flush(Own, Other);
        Assert.True(StandsStill);
        Assert.Empty(LocalApic.Sent);
        Rendezvous.Release(Own, Other);
    }

    /// <summary>The doorbell held the last capability to the notification that it was bound to before.</summary>
    [Fact]
    public void BindingADoorbellEndsTheNotificationThatWasBoundWhileItsCPUStandsStill()
    {
        uint first = _world.Make(ObjectType.Notification, 1);
        uint second = _world.Make(ObjectType.Notification, 1);
        Assert.Equal(Status.Ok, Bind(first));
        Assert.Equal(Status.Ok, _world.Delete(first));
        Assert.Equal(Status.Ok, Bind(second));
        Assert.Equal(0u, Other->TimesHeld);
        Assert.False(StandsStill);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>Many waited there: the CPU goes on between the steps in which they are told.</summary>
    [Fact]
    public void ItDoesNotStandStillUntilAllWaitersAreTold()
    {
        const int waiters = 100;
        const int most = 16;
        uint first = _world.Make(ObjectType.Notification, 1);
        uint second = _world.Make(ObjectType.Notification, 1);
        Assert.Equal(Status.Ok, Bind(first));
        for (int i = 0; i < waiters; i++)
        {
            _world.Start(1);
            _world.Call(1, SystemCall.Wait, first);
        }
        Assert.Equal(Status.Ok, _world.Delete(first));
        int stops = 0;
        Action<uint> stand = X86Base.Waiting!;
        X86Base.Waiting = index =>
        {
            stops += index == 1 && StandsStill ? 1 : 0;
            stand(index);
        };
        Assert.Equal(Status.Ok, Bind(second));
        Assert.InRange(stops, waiters / most, waiters);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>Somebody else holds the old notification, and a doorbell rings before the CPU has come to stand still.</summary>
    [Fact]
    public void WhatIsRungWhileAnotherIsBoundIsNotLost()
    {
        uint first = _world.Make(ObjectType.Notification, 1);
        uint second = _world.Make(ObjectType.Notification, 1);
        Assert.Equal(Status.Ok, Bind(first));
        bool isRung = false;
        Action<uint> stand = X86Base.Waiting!;
        X86Base.Waiting = index =>
        {
            if (!isRung)
            {
                Doorbells.Received(Other);
                isRung = true;
            }
            stand(index);
        };
        Assert.Equal(Status.Ok, Bind(second));
        Assert.True(isRung);
        Assert.NotEqual(0ul, _world.PollBits(first) | _world.PollBits(second));
        Assert.Empty(Invariants.Broken(_world));
    }

    private Status Bind(uint notification) =>
        _world.Invoke(0, World.FirstCpuControl + 1, (ulong)CpuControlOperation.BindDoorbell, notification);
}
