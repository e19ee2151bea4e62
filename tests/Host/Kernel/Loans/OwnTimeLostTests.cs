using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A server on borrowed time, that was given its own for later, when what it borrowed goes.</summary>
public sealed unsafe class OwnTimeLostTests
{
    private readonly World _world = new(2);

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    private SchedContext* At(uint slot) => (SchedContext*)_world.Slot(slot)->Object;

    private (uint Endpoint, Worker Client, Worker Server, uint Own) Prepare()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint, priority: 20);
        Worker client = _world.Start(0, 10);
        _world.Call(0, SystemCall.Call, endpoint);
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        uint own = _world.MakeTime();
        Good(_world.Schedule(server.Slot, 20, own));
        Assert.True(server.Thread->SchedContext == At(client.Context));
        return (endpoint, client, server, own);
    }

    /// <summary>By a manager on another CPU, while the server runs.</summary>
    [Fact]
    public void ItGoesOnWithItsOwnIfItRuns()
    {
        (_, Worker client, Worker server, uint own) = Prepare();
        Good(_world.Delete(client.Context, by: 1));
        Assert.True(At(own)->Holder == server.Thread, $"{server.State}, and nobody has its own time");
        Assert.True(_world.Cpu(0)->Current == server.Thread);
    }

    /// <summary>And so, if it is preempted: then its answer gives its caller nothing.</summary>
    [Fact]
    public void ItsOwnIsNotItsCallersIfItWasPreempted()
    {
        (uint endpoint, Worker client, Worker server, uint own) = Prepare();
        Worker better = _world.Start(0, 40);
        Assert.Equal(ThreadState.Ready, server.State);
        Good(_world.Delete(client.Context, by: 1));
        Good(_world.OnThread(better.Slot, ThreadOperation.Suspend, by: 1));
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        Assert.True(server.Thread->SchedContext == At(own));
        _world.Call(0, SystemCall.ReplyRecv, endpoint);
        Assert.True(At(own)->Holder == server.Thread, "its caller, whose context was deleted, runs on the server's");
    }
}
