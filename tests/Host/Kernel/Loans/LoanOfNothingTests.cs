using System;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A passive server loses what it has borrowed while it waits for the lock to receive anew: it owes that caller nothing any
/// more, least of all what the next one lends.
/// </summary>
public sealed unsafe class LoanOfNothingTests
{
    private readonly World _world = new(2);
    private readonly uint _endpoint;

    public LoanOfNothingTests()
    {
        _endpoint = _world.Make(ObjectType.Endpoint, cpu: 1);
    }

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    private void Consistent() => Assert.Empty(Invariants.Broken(_world));

    /// <summary>A client of CPU 1 calls; its caller is put aside, and its context goes while the server waits to receive.</summary>
    private Worker LoseWhileReceiving(uint server, SystemCall call)
    {
        Worker client = _world.Start(1, 10);
        _world.Call(1, SystemCall.Call, _endpoint);
        Assert.True(_world.Cpu(1)->Current == _world.ThreadAt(server));
        Good(_world.OnThread(server, ThreadOperation.SetReply, _world.Make(ObjectType.Reply, 1)));
        Action lose = () => Good(_world.Delete(client.Context));
        _world.WhileWaiting(1, lose, () => _world.Call(1, call, _endpoint));
        Consistent();
        return client;
    }

    [Theory]
    [InlineData(SystemCall.Recv)]
    [InlineData(SystemCall.ReplyRecv)]
    [InlineData(SystemCall.NBRecv)]
    public void WhoIsAnsweredGetsNoTimeOfTheNextCaller(SystemCall call)
    {
        Worker server = _world.StartPassive(1, _endpoint, priority: 20);
        uint kept = server.Reply;
        Worker first = LoseWhileReceiving(server.Slot, call);
        if (server.State != ThreadState.Receiving)
        {
            // It has no time to go on receiving.
            Assert.Equal(SystemCall.NBRecv, call);
            return;
        }
        Worker second = _world.Start(1, 10);
        var time = (SchedContext*)_world.Slot(second.Context)->Object;
        _world.Call(1, SystemCall.Call, _endpoint);
        Assert.True(_world.Cpu(1)->Current == server.Thread);
        Consistent();
        _world.Call(1, SystemCall.Send, kept);
        Consistent();
        Assert.True(_world.Cpu(1)->Current == server.Thread);
        Assert.True(first.Thread->SchedContext == null);
        Assert.True(time->Owner == second.Thread);
    }

    /// <summary>Whatever becomes of the server's memory is not taken for a thread by who answers the first caller.</summary>
    [Fact]
    public void NoReplyObjectNamesAServerThatIsGone()
    {
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 12);
        uint server = _world.NewSlot();
        uint kept = _world.Make(ObjectType.Reply, 1);
        uint time = _world.MakeTime(1);
        Good(_world.Retype(untyped, ObjectType.Thread, server, cpu: 1));
        Good(_world.OnThread(server, ThreadOperation.SetSpaces, World.Pack(World.Own, World.Space), 1));
        Good(_world.OnThread(server, ThreadOperation.SetReply, kept));
        Good(_world.Schedule(server, 62, time));
        Good(_world.OnThread(server, ThreadOperation.Resume));
        _world.Serve(1);
        _world.Call(1, SystemCall.Recv, _endpoint);
        Good(_world.Schedule(server, 20));
        Good(_world.Delete(time));
        LoseWhileReceiving(server, SystemCall.Recv);
        Thread* thread = _world.ThreadAt(server);
        _world.Start(1, 10);
        _world.Call(1, SystemCall.Call, _endpoint);
        Assert.True(_world.Cpu(1)->Current == thread);
        Good(_world.OnThread(server, ThreadOperation.SetReply, _world.Make(ObjectType.Reply, 1)));
        Good(_world.Revoke(untyped));
        Consistent();
        Assert.False(((Reply*)_world.Slot(kept)->Object)->Borrower == thread);
    }
}
