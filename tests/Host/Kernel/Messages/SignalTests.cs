using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Signals to equals: who becomes ready stands in no list if he is better than all others that are, and a notification says of
/// its waiter that it has time. Neither changes who runs, and when.
/// </summary>
public sealed unsafe class SignalTests
{
    private const ulong Used = 1000;

    private readonly World _world = new(2);

    private void Consistent() => Assert.Empty(Invariants.Broken(_world));

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    /// <summary>A thread that waits for a notification of its own, so that the thread below goes on.</summary>
    private (Worker Worker, uint Notification) Waiting(byte priority)
    {
        uint notification = _world.Make(ObjectType.Notification);
        Worker worker = _world.Start(0, World.OperatorPriority - 1);
        _world.Call(0, SystemCall.Wait, notification);
        Assert.Equal(ThreadState.Waiting, worker.State);
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetPriority, priority));
        return (worker, notification);
    }

    [Fact]
    public void TwoEqualsSignalEachOtherAndEachPaysForItself()
    {
        Worker ping = _world.Start(0);
        (Worker pong, uint toPong) = Waiting(10);
        uint toPing = _world.Make(ObjectType.Notification);
        int before = _world.FastCalls;
        ulong ranPing = _world.Context(ping)->Consumed;
        ulong ranPong = _world.Context(pong)->Consumed;
        for (int i = 0; i < 3; i++)
        {
            Hardware.Clock += Used;
            _world.Call(0, SystemCall.Signal, toPong);
            Assert.True(_world.Cpu(0)->Current == ping.Thread && _world.Cpu(0)->Foremost == pong.Thread);
            Consistent();
            _world.Call(0, SystemCall.Wait, toPing);
            Assert.True(_world.Cpu(0)->Current == pong.Thread && _world.Cpu(0)->HighestReady == 0);
            Consistent();
            Hardware.Clock += 2 * Used;
            _world.Call(0, SystemCall.Signal, toPing);
            _world.Call(0, SystemCall.Wait, toPong);
            Assert.True(_world.Cpu(0)->Current == ping.Thread);
            Assert.Equal(1ul, ping.Thread->Rdi);
        }
        Assert.Equal(before + 12, _world.FastCalls);
        Assert.Equal(ranPing + 3 * Used, _world.Context(ping)->Consumed);
        Assert.Equal(ranPong + 6 * Used, _world.Context(pong)->Consumed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhoWasSignalledFirstRunsFirstAmongEqualsAndTheBetterBeforeThem(bool fast)
    {
        Worker caller = _world.Start(0, 10);
        byte[] priorities = [8, 10, 9, 10, 9, 8, 10];
        List<(Worker Worker, uint Notification)> waiting = [];
        foreach (byte priority in priorities)
        {
            waiting.Add(Waiting(priority));
        }
        uint own = _world.Make(ObjectType.Notification);
        _world.UseFastpath = fast;
        Assert.True(_world.Cpu(0)->Current == caller.Thread);
        foreach ((Worker _, uint notification) in waiting)
        {
            _world.Call(0, SystemCall.Signal, notification);
            Consistent();
        }
        foreach (int next in (int[])[1, 3, 6, 2, 4, 0, 5])
        {
            _world.Call(0, SystemCall.Wait, own);
            Consistent();
            Assert.True(_world.Cpu(0)->Current == waiting[next].Worker.Thread, $"not {next}");
            own = waiting[next].Notification;
        }
    }

    public static TheoryData<string> Losses =>
        ["context deleted", "no context given", "control revoked", "a new share"];

    [Theory]
    [MemberData(nameof(Losses))]
    public void AWaiterWhoseTimeWentDoesNotRunWhenItIsSignalled(string loss)
    {
        Worker caller = _world.Start(0, 10);
        (Worker waiter, uint notification) = Waiting(10);
        uint control = _world.NewSlot();
        Good(_world.DeriveControl(control, World.FirstSchedControl, 63, SchedShare.Whole / 2));
        Good(_world.ConfigureBy(waiter.Context, 10_000, 40_000, control));
        // Its first wait may have been by the slow path.
        _world.Call(0, SystemCall.Signal, notification);
        uint own = _world.Make(ObjectType.Notification);
        _world.Call(0, SystemCall.Wait, own);
        if (_world.Cpu(0)->Current == waiter.Thread)
        {
            _world.Call(0, SystemCall.Signal, own);
            _world.Call(0, SystemCall.Wait, notification);
        }
        else
        {
            // It had no time yet, by its new share.
            Hardware.Clock = _world.Context(waiter)->RefillAt;
            _world.Tick(0);
            Assert.True(_world.Cpu(0)->Current == waiter.Thread);
            _world.Call(0, SystemCall.Signal, own);
            _world.Call(0, SystemCall.Wait, notification);
        }
        Assert.True(_world.Cpu(0)->Current == caller.Thread);
        var word = (Notification*)_world.Slot(notification)->Object;
        Assert.NotEqual(0ul, word->Word & Notification.IsPrepared);
        switch (loss)
        {
            case "context deleted":
                Good(_world.Delete(waiter.Context));
                break;
            case "no context given":
                Good(_world.Schedule(waiter.Slot, 10));
                break;
            case "control revoked":
                Good(_world.Delete(control));
                break;
            case "a new share":
                uint other = _world.NewSlot();
                Good(_world.DeriveControl(other, World.FirstSchedControl, 63, SchedShare.Whole / 4));
                Good(_world.ConfigureBy(waiter.Context, 10_000, 80_000, other));
                break;
        }
        Consistent();
        _world.Call(0, SystemCall.Signal, notification);
        Consistent();
        Assert.True(_world.Cpu(0)->Current == caller.Thread);
        Assert.Equal(0u, _world.Cpu(0)->HighestReady);
    }

    [Fact]
    public void ABadgeOfOneIsABadge()
    {
        uint notification = _world.Make(ObjectType.Notification);
        uint copy = _world.NewSlot();
        uint minted = _world.NewSlot();
        uint moved = _world.NewSlot();
        uint again = _world.NewSlot();
        Good(_world.Copy(copy, notification));
        Good(_world.Mint(minted, copy, 1));
        Assert.Equal(Status.InvalidState, _world.Mint(again, minted, 2));
        Good(_world.Move(moved, minted));
        Assert.Equal(Status.InvalidState, _world.Mint(again, moved, 2));
        Good(_world.Mint(again, copy, 6));
        _world.Start(0);
        foreach ((uint slot, ulong bits) in ((uint, ulong)[])[(notification, 1), (copy, 1), (moved, 1), (again, 6)])
        {
            _world.Call(0, SystemCall.Signal, slot);
            Assert.Equal(bits, _world.PollBits(notification));
        }
        Consistent();
    }
}
