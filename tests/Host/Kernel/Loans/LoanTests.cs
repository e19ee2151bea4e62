using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Scheduling contexts that are lent when callers, servers, Reply objects or the contexts themselves go.</summary>
public abstract unsafe class LoanCases(ThreadFaults faults)
{
    private readonly World _world = new(2) { FaultsOfThreads = faults };

    /// <summary>When the client was about to call.</summary>
    private int _fastBefore;

    private void Consistent() => Assert.Empty(Invariants.Broken(_world));

    private (uint Endpoint, Worker Server, Worker Client) Called()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint);
        Worker client = _world.Start(0);
        _fastBefore = _world.FastCalls;
        _world.Call(0, SystemCall.Call, endpoint);
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        Consistent();
        return (endpoint, server, client);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CallLendsAndReplyReturns(bool fast)
    {
        _world.UseFastpath = fast;
        (uint endpoint, Worker server, Worker client) = Called();
        Assert.True(_world.Context(client)->Holder == server.Thread);
        _world.Call(0, SystemCall.ReplyRecv, endpoint);
        Assert.True(_world.Context(client)->Holder == client.Thread);
        Assert.Equal(ThreadState.Running, client.State);
        Assert.Equal(fast ? 2 : 0, _world.FastCalls - _fastBefore);
        Consistent();
    }

    /// <summary>The slow path vouches for the caller, the fastpath answers it.</summary>
    [Fact]
    public void ALoanByTheSlowPathEndsByTheFastOne()
    {
        _world.UseFastpath = false;
        (uint endpoint, Worker server, _) = Called();
        Assert.True(server.Thread->Reply->Vouches);
        _world.UseFastpath = true;
        _world.Call(0, SystemCall.ReplyRecv, endpoint);
        Assert.Equal(1, _world.FastCalls - _fastBefore);
        Assert.True(server.Thread->Reply->Borrower == null);
        Consistent();
    }

    [Fact]
    public void AContextThatGoesWhileItIsLentTakesTheServerSTime()
    {
        (_, Worker server, Worker client) = Called();
        Assert.Equal(Status.Ok, _world.Delete(client.Context));
        Assert.True(server.Thread->SchedContext == null);
        Consistent();
    }

    [Fact]
    public void AContextThatGoesAfterItsCallerWasSuspendedLeavesNoPointer()
    {
        (_, Worker server, Worker client) = Called();
        Assert.Equal(Status.Ok, _world.OnThread(client.Slot, ThreadOperation.Suspend));
        Assert.True(server.Thread->SchedContext == _world.Context(client));
        Assert.Equal(Status.Ok, _world.Delete(client.Context));
        Assert.True(server.Thread->SchedContext == null);
        Consistent();
    }

    [Fact]
    public void ASuspendedCallerGetsItsContextWhenTheServerReceives()
    {
        (uint endpoint, Worker server, Worker client) = Called();
        Assert.Equal(Status.Ok, _world.OnThread(client.Slot, ThreadOperation.Suspend));
        Assert.Equal(Status.Ok, _world.OnThread(client.Slot, ThreadOperation.Resume));
        Assert.Equal(ThreadState.Ready, client.State);
        _world.Call(0, SystemCall.ReplyRecv, endpoint);
        Assert.Equal(ThreadState.Receiving, server.State);
        Assert.True(_world.Cpu(0)->Current == client.Thread);
        Assert.Equal(Status.Cancelled, client.Status);
        Consistent();
    }

    [Fact]
    public void AServerThatGoesGivesBackToAFaultedCaller()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker pager = _world.StartPassive(0, endpoint);
        _world.Mint(World.FirstFree + 900, endpoint, 5);
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        Assert.Equal(
            Status.Ok,
            _world.Invoke(
                0,
                table,
                (ulong)CapTableOperation.Copy,
                World.Pack(FaultTable.SlotFor(0), 0),
                World.Pack(endpoint, 7)
            )
        );
        Assert.Equal(Status.Ok, _world.Invoke(0, World.Space, (ulong)AddressSpaceOperation.SetFaultTable, table));
        Worker client = _world.Start(0);
        _world.Fault(0, 0x5000);
        Assert.True(_world.Cpu(0)->Current == pager.Thread);
        Assert.Equal(ThreadState.Faulted, client.State);
        Consistent();
        Assert.Equal(Status.Ok, _world.Delete(pager.Slot));
        Assert.True(client.Thread->SchedContext == _world.Context(client));
        Assert.True(((Reply*)_world.Slot(pager.Reply)->Object)->Borrower == null);
        Consistent();
    }

    [Fact]
    public void APagerWhoseFaulterSTimeEndedRunsAgainAfterTheRefill()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker pager = _world.StartPassive(0, endpoint);
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        _world.Invoke(
            0,
            table,
            (ulong)CapTableOperation.Copy,
            World.Pack(FaultTable.SlotFor(0), 0),
            World.Pack(endpoint, 7)
        );
        _world.Invoke(0, World.Space, (ulong)AddressSpaceOperation.SetFaultTable, table);
        Worker client = _world.Start(0);
        Assert.Equal(Status.Ok, _world.Configure(client.Context, 100, 1000));
        _world.Fault(0, 0x5000);
        Hardware.Clock += 200 * World.TicksPerMicrosecond;
        Assert.True(_world.Tick(0) == null);
        Consistent();
        Hardware.Clock += 2000 * World.TicksPerMicrosecond;
        Assert.True(_world.Tick(0) == pager.Thread);
        Consistent();
    }

    [Fact]
    public void TimeThatEndsAsItsThreadIsPreemptedIsNotWaitedForTwice()
    {
        Worker low = _world.Start(0, 10);
        _world.Configure(low.Context, 100, 1000);
        Hardware.Clock += 500 * World.TicksPerMicrosecond;
        Worker high = _world.Start(0, 20);
        Assert.True(_world.Cpu(0)->Current == high.Thread);
        Consistent();
        _world.OnThread(high.Slot, ThreadOperation.Suspend);
        Assert.True(_world.Cpu(0)->Current == null);
        Consistent();
        Hardware.Clock += 5000 * World.TicksPerMicrosecond;
        Assert.True(_world.Tick(0) == low.Thread);
        Consistent();
    }

    [Fact]
    public void AServerThatWasGivenTimeDoesNotLoseItToTheCaller()
    {
        (uint endpoint, Worker server, Worker client) = Called();
        uint other = _world.Make(ObjectType.Reply);
        uint own = _world.MakeTime();
        _world.OnThread(server.Slot, ThreadOperation.SetReply, other);
        _world.Schedule(server.Slot, 10, own);
        Consistent();
        _world.Call(0, SystemCall.Recv, endpoint);
        Assert.True(server.Thread->SchedContext == server.Thread->OwnSchedContext);
        Consistent();
        // Through the deferred Reply object somebody else answers.
        Assert.Equal(ThreadState.AwaitingReply, client.State);
        _world.Operate(0);
        _world.Call(0, SystemCall.NBSend, server.Reply);
        _world.Rest(0);
        Assert.True(server.Thread->SchedContext == server.Thread->OwnSchedContext);
        Assert.True(client.Thread->SchedContext == _world.Context(client));
        Consistent();
    }

    [Fact]
    public void ADeferredReplyObjectThatGoesIsForgottenByWhoBorrowedThroughIt()
    {
        (uint endpoint, Worker server, _) = Called();
        uint second = _world.Make(ObjectType.Endpoint);
        Worker further = _world.StartPassive(0, second);
        uint other = _world.Make(ObjectType.Reply);
        _world.OnThread(server.Slot, ThreadOperation.SetReply, other);
        _world.Call(0, SystemCall.Call, second);
        Assert.True(_world.Cpu(0)->Current == further.Thread);
        Consistent();
        Assert.Equal(Status.Ok, _world.Delete(server.Reply));
        Consistent();
        _world.Call(0, SystemCall.ReplyRecv, second);
        Consistent();
        _world.Call(0, SystemCall.Recv, endpoint);
        Consistent();
    }

    [Fact]
    public void ACallerThatWasAnsweredByAThirdGetsItsTimeWhenTheServerHasItAgain()
    {
        (uint endpoint, Worker server, Worker client) = Called();
        uint second = _world.Make(ObjectType.Endpoint);
        Worker further = _world.StartPassive(0, second);
        _world.Call(0, SystemCall.Call, second);
        Assert.True(_world.Cpu(0)->Current == further.Thread);
        _world.Operate(0);
        _world.Call(0, SystemCall.NBSend, server.Reply);
        _world.Rest(0);
        Assert.Equal(ThreadState.Ready, client.State);
        Consistent();
        _world.Call(0, SystemCall.ReplyRecv, second);
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        Consistent();
        _world.Call(0, SystemCall.Recv, endpoint);
        Assert.True(_world.Cpu(0)->Current == client.Thread);
        Consistent();
    }

    [Fact]
    public void AServerThatIsGivenTimeWhileItHasLentOnWhatItBorrowedKeepsItsOwn()
    {
        (_, Worker server, Worker client) = Called();
        uint second = _world.Make(ObjectType.Endpoint);
        Worker further = _world.StartPassive(0, second);
        _world.Call(0, SystemCall.Call, second);
        Assert.True(_world.Cpu(0)->Current == further.Thread);
        uint own = _world.MakeTime();
        Assert.Equal(Status.Ok, _world.Schedule(server.Slot, 10, own));
        Consistent();
        _world.Call(0, SystemCall.ReplyRecv, second);
        Assert.True(server.Thread->SchedContext == server.Thread->OwnSchedContext);
        Assert.True(client.Thread->SchedContext == _world.Context(client));
        Consistent();
    }

    [Fact]
    public void ACallWithoutTimeDoesNotStopTheServer()
    {
        (uint endpoint, Worker server, Worker client) = Called();
        uint middleEndpoint = _world.Make(ObjectType.Endpoint);
        Worker middle = _world.StartPassive(0, middleEndpoint, 20);
        Worker other = _world.Start(0, 20);
        _world.Call(0, SystemCall.Call, middleEndpoint);
        Assert.True(_world.Cpu(0)->Current == middle.Thread);
        _world.Call(0, SystemCall.Call, endpoint);
        Assert.Equal(ThreadState.Sending, middle.State);
        // Its caller is answered by somebody else, so its time goes while it waits.
        _world.Operate(0);
        _world.Call(0, SystemCall.NBSend, middle.Reply);
        _world.Rest(0);
        Assert.True(middle.Thread->SchedContext == null);
        _world.OnThread(other.Slot, ThreadOperation.Suspend);
        Consistent();
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        _world.Call(0, SystemCall.ReplyRecv, endpoint);
        Assert.Equal(ThreadState.Receiving, server.State);
        Assert.Equal(Status.NoSchedulingContext, middle.Status);
        Assert.True(_world.Cpu(0)->Current == client.Thread);
        Consistent();
    }

    [Fact]
    public void TimeThatEndedOnAnotherCPUIsWaitedForWhereTheThreadIs()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint, cpu: 1);
        Worker server = _world.StartPassive(1, endpoint);
        Worker client = _world.Start(0);
        _world.Configure(client.Context, 100, 1000);
        _world.Call(0, SystemCall.Call, endpoint);
        _world.Serve(1);
        Assert.True(_world.Cpu(1)->Current == server.Thread);
        Consistent();
        Hardware.Clock += 200 * World.TicksPerMicrosecond;
        _world.Call(1, SystemCall.ReplyRecv, endpoint);
        Consistent();
        Assert.True(_world.Serve(0) == null);
        Consistent();
        Hardware.Clock += 5000 * World.TicksPerMicrosecond;
        Assert.True(_world.Tick(0) == client.Thread);
        Consistent();
    }
}

public sealed class LoanTests() : LoanCases(ThreadFaults.None);

/// <summary>And so if threads that have lent their time away stand in ready queues to tell that they have none.</summary>
public sealed class LoanOfThoseWhoTellTests() : LoanCases(ThreadFaults.NoTime);
