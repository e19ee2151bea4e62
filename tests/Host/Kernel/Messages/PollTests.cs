using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>NBRecv does not wait, whatever another CPU takes away while it waits for the lock.</summary>
public sealed unsafe class PollTests
{
    /// <summary>A passive server on lent time, with bits of its notification there or not.</summary>
    [Theory]
    [InlineData(false, false, ThreadState.Running)]
    [InlineData(true, false, ThreadState.Running)]
    [InlineData(false, true, ThreadState.Faulted)]
    [InlineData(true, true, ThreadState.Faulted)]
    public void WhoseTimeIsGoneIsToldSo(bool hasBits, bool isTaken, ThreadState after)
    {
        var world = new World(2) { FaultsOfThreads = ThreadFaults.NoTime };
        uint endpoint = world.Make(ObjectType.Endpoint);
        uint notification = world.Make(ObjectType.Notification);
        Worker server = world.StartPassive(0, endpoint, priority: 20);
        Worker caller = world.Start(0);
        world.Call(0, SystemCall.Call, endpoint);
        Assert.True(world.Cpu(0)->Current == server.Thread);
        // It goes on with another Reply object, so that it may receive.
        uint reply = world.Make(ObjectType.Reply);
        Assert.Equal(Status.Ok, world.OnThread(server.Slot, ThreadOperation.SetReply, reply, by: 1));
        Assert.Equal(Status.Ok, world.OnThread(server.Slot, ThreadOperation.BindNotification, notification, by: 1));
        ((Notification*)world.Slot(notification)->Object)->Bits = hasBits ? 4ul : 0;
        world.WhileWaiting(
            0,
            () => Assert.True(!isTaken || world.Delete(caller.Context, by: 1) == Status.Ok),
            () => world.Call(0, SystemCall.NBRecv, endpoint)
        );
        Assert.Equal(after, server.State);
        Assert.Equal(hasBits && !isTaken ? Status.Ok : Status.WouldBlock, server.Status);
    }
}
