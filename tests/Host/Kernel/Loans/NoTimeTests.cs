using System;
using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// The time that a passive server works on is taken away, by whoever lent it: it stands still, and a handler with time of
/// its own is told, if it was asked for.
/// </summary>
public sealed unsafe class NoTimeTests
{
    private readonly World _world = new(2);
    private readonly uint _endpoint;
    private readonly uint _faults;
    private readonly Worker _handler;
    private readonly Worker _server;
    private readonly Worker _client;
    private readonly uint _control;

    public NoTimeTests()
    {
        _faults = _world.Make(ObjectType.Endpoint);
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        ulong place = World.Pack(FaultTable.SlotFor(0), 0);
        Good(_world.Invoke(0, table, (ulong)CapTableOperation.Copy, place, World.Pack(_faults, 7)));
        Good(_world.Invoke(0, World.Space, (ulong)AddressSpaceOperation.SetFaultTable, table));
        _handler = _world.Start(0, 30);
        _world.Call(0, SystemCall.Recv, _faults);
        _endpoint = _world.Make(ObjectType.Endpoint);
        _server = _world.StartPassive(0, _endpoint);
        AskFor(_server, ThreadFaults.NoTime);
        _client = _world.MakeThread(0);
        _control = _world.NewSlot();
        Good(_world.DeriveControl(_control, World.FirstSchedControl, 60));
        Good(_world.ConfigureBy(_client.Context, 10_000, 0, _control));
        _world.Resume(_client);
        _world.Call(0, SystemCall.Call, _endpoint);
        Assert.True(_world.Cpu(0)->Current == _server.Thread);
        _server.Thread->Rip = 0x3000;
    }

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    private void AskFor(Worker worker, ThreadFaults faults) =>
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetFaults, (ulong)faults));

    private void Consistent() => Assert.Empty(Invariants.Broken(_world));

    /// <summary>The handler runs, with the fault of a thread that has no time.</summary>
    private void Told(Worker worker, ulong consumed = 0)
    {
        Assert.True(_world.Cpu(0)->Current == _handler.Thread);
        Assert.Equal(ThreadState.Faulted, worker.State);
        Assert.Equal((ulong)FaultLabel.Timeout, new MessageInfo(_handler.Thread->Info).Label);
        Assert.Equal(consumed, _handler.Thread->Word0);
        Assert.Equal(worker.Thread->Rip, _handler.Thread->Word1);
        Assert.Equal(FaultMessage.Never, _handler.Thread->Word2);
        Consistent();
    }

    private void GiveTime(Worker worker) => Good(_world.Schedule(worker.Slot, 10, _world.MakeTime()));

    [Fact]
    public void AServerWhoseClientSContextIsDeletedIsToldAndGoesOn()
    {
        Good(_world.Delete(_client.Context));
        Told(_server);
        GiveTime(_server);
        Assert.True(_world.Call(0, SystemCall.ReplyRecv, _faults) == _server.Thread);
        _world.Call(0, SystemCall.ReplyRecv, _endpoint);
        Assert.Equal(ThreadState.Receiving, _server.State);
        Assert.Equal(ThreadState.Ready, _client.State);
        Consistent();
        GiveTime(_client);
        Assert.True(_world.Cpu(0)->Current == _client.Thread);
        Assert.Equal(Status.Ok, _client.Status);
    }

    [Fact]
    public void AServerWhoseClientLosesItsControlIsTold()
    {
        Good(_world.Delete(_control));
        Told(_server);
        Assert.True(_server.Thread->SchedContext != null);
    }

    [Fact]
    public void SoIsWhomItAnswersWhenItHasTimeAgain()
    {
        uint further = _world.Make(ObjectType.Endpoint);
        Worker second = _world.StartPassive(0, further);
        AskFor(second, ThreadFaults.NoTime);
        _world.Call(0, SystemCall.Call, further);
        Assert.True(_world.Cpu(0)->Current == second.Thread);
        Good(_world.Delete(_client.Context));
        Told(second);
        GiveTime(second);
        _world.Call(0, SystemCall.ReplyRecv, _faults);
        Assert.True(_world.Cpu(0)->Current == second.Thread);
        _world.Call(0, SystemCall.ReplyRecv, further);
        Told(_server);
    }

    [Fact]
    public void WhoDidNotAskStandsStill()
    {
        AskFor(_server, ThreadFaults.Timeout);
        Good(_world.Delete(_client.Context));
        Assert.Equal(ThreadState.Ready, _server.State);
        Assert.True(_world.Cpu(0)->Current == null);
        Consistent();
        GiveTime(_server);
        Assert.True(_world.Cpu(0)->Current == _server.Thread);
    }

    /// <summary>The fault is due, and the operator of a higher priority gives time before it is the server's turn.</summary>
    [Fact]
    public void WhoHasTimeAgainInTheMeantimeHasNoFault()
    {
        _world.Operate(0);
        Good(_world.Delete(_client.Context));
        Consistent();
        GiveTime(_server);
        _world.Rest(0);
        Assert.True(_world.Cpu(0)->Current == _server.Thread);
        Assert.Equal(ThreadState.Receiving, _handler.State);
        Consistent();
    }

    [Theory]
    [InlineData(ThreadOperation.Suspend)]
    [InlineData(null)]
    public void WhoIsStoppedOrGoesInTheMeantimeHasNoFault(ThreadOperation? operation)
    {
        _world.Operate(0);
        Good(_world.Delete(_client.Context));
        Good(operation == null ? _world.Delete(_server.Slot) : _world.OnThread(_server.Slot, operation.Value));
        _world.Rest(0);
        Assert.Equal(ThreadState.Receiving, _handler.State);
        Consistent();
    }

    [Fact]
    public void AnInterruptComesFirstAndIsTakenInIdle()
    {
        _world.Operate(0);
        Good(_world.Delete(_client.Context));
        _world.WhileWaiting(0, () => { }, () => _world.Rest(0), isInterrupted: true);
        Assert.True(_world.Cpu(0)->Current == null);
        Assert.Equal(ThreadState.Ready, _server.State);
        Consistent();
        _world.Choose(0);
        Told(_server);
    }

    /// <summary>Another CPU stops it while it waits for the lock.</summary>
    [Fact]
    public void ItMayBeGoneWhenTheLockIsHad()
    {
        _world.Operate(0);
        Good(_world.Delete(_client.Context));
        Action others = () => Good(_world.Delete(_server.Slot, by: 1));
        _world.WhileWaiting(0, others, () => _world.Rest(0));
        Assert.True(_world.Cpu(0)->Current == null);
        Assert.Equal(ThreadState.Receiving, _handler.State);
        Consistent();
    }

    /// <summary>There is room for one fault: the exception is told, and the thread has no time after it either.</summary>
    [Fact]
    public void AnExceptionThatIsDueComesBefore()
    {
        _server.Thread->Flags |= ThreadFlags.FaultDue;
        _server.Thread->FaultLabel = FaultLabel.Exception;
        _server.Thread->FaultWord0 = 6;
        Good(_world.Delete(_client.Context));
        Assert.Equal((ulong)FaultLabel.Exception, new MessageInfo(_handler.Thread->Info).Label);
        _world.Call(0, SystemCall.ReplyRecv, _faults);
        Told(_server);
    }
}
