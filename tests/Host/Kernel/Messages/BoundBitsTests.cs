using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A passive thread receives; bits of its notification come; then it gets time of its own.</summary>
public sealed unsafe class BoundBitsTests
{
    private readonly World _world = new(1);

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    [Fact]
    public void BitsThatAreThereEndItsRecvWhenItIsGivenTime()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint note = _world.Make(ObjectType.Notification);
        Worker server = _world.StartPassive(0, endpoint, priority: 20);
        Good(_world.OnThread(server.Slot, ThreadOperation.BindNotification, note));
        Worker client = _world.Start(0, 10);
        _world.Call(0, SystemCall.Signal, note);
        Assert.Equal(ThreadState.Receiving, server.State);
        Good(_world.Schedule(server.Slot, 20, _world.MakeTime()));
        Assert.Empty(Invariants.Broken(_world));
        Assert.True(server.State != ThreadState.Receiving, "it waits, with time, and bits that it was signalled");
    }
}
