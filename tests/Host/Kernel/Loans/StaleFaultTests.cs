using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A thread that no longer wants told that it has no time gets its own back as any other.</summary>
public sealed unsafe class StaleFaultTests
{
    private readonly World _world = new(2);

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ItsOwnTimeComesBackToAThreadThatOnceWantedItTold(bool wanted)
    {
        uint endpoint = _world.Make(ObjectType.Endpoint, cpu: 1);
        Worker server = _world.StartPassive(1, endpoint, priority: 20);
        Worker client = _world.Start(0, 10);
        if (wanted)
        {
            Good(_world.OnThread(client.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.NoTime));
        }
        _world.Call(0, SystemCall.Call, endpoint);
        _world.Serve(1);
        Assert.True(_world.Cpu(1)->Current == server.Thread);
        Worker better = _world.Start(0, 40);
        Good(_world.OnThread(client.Slot, ThreadOperation.Suspend, by: 0));
        Good(_world.OnThread(client.Slot, ThreadOperation.Resume, by: 0));
        Good(_world.OnThread(client.Slot, ThreadOperation.Suspend, by: 0));
        Good(_world.OnThread(client.Slot, ThreadOperation.SetFaults, 0));
        Good(_world.OnThread(client.Slot, ThreadOperation.Resume, by: 0));
        Good(_world.OnThread(better.Slot, ThreadOperation.Suspend));
        Assert.Equal(ThreadState.Ready, client.State);
        Assert.True(_world.Cpu(0)->Current == null);
        _world.Call(1, SystemCall.Recv, endpoint);
        Assert.Equal(ThreadState.Receiving, server.State);
        _world.Serve(0);
        Assert.Empty(Invariants.Broken(_world));
        Assert.True(
            ((SchedContext*)_world.Slot(client.Context)->Object)->Holder == client.Thread,
            "nobody has its own time"
        );
        Assert.True(_world.Cpu(0)->Current == client.Thread, "it stands, without the time that nobody has");
    }
}
