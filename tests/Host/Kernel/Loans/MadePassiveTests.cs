using System.Runtime.Intrinsics.X86;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A thread loses its context, or is deleted, while it has lent it: to be run on until somebody receives, as it is.</summary>
public sealed unsafe class MadePassiveTests
{
    private readonly World _world = new(2);

    private Status MakePassive(Worker worker) => _world.Schedule(worker.Slot, 10, 0, by: 1);

    /// <summary>It goes on, as a server does that is to receive next, and is passive then.</summary>
    private void IsPassiveWhenItReceives(Worker client)
    {
        Assert.True(_world.Cpu(0)->Current == client.Thread);
        Assert.True(_world.Context(client)->Owner == null);
        Assert.Equal(Status.InvalidState, GiveToAnother(client));
        _world.Call(0, SystemCall.Recv, _world.Make(ObjectType.Endpoint));
        Assert.Equal(ThreadState.Receiving, client.State);
        Assert.True(client.Thread->SchedContext == null);
        Assert.Equal(Status.Ok, GiveToAnother(client));
        Assert.Empty(Invariants.Broken(_world));
    }

    private Status GiveToAnother(Worker client) =>
        _world.Schedule(_world.MakeThread(0, passive: true).Slot, 10, client.Context, by: 1);

    [Theory]
    [InlineData(true, 0u)]
    [InlineData(false, 0u)]
    [InlineData(true, 1u)]
    [InlineData(false, 1u)]
    public void ACallerGetsItsTimeBackWithTheAnswer(bool fast, uint serversCpu)
    {
        _world.UseFastpath = fast;
        uint endpoint = _world.Make(ObjectType.Endpoint, serversCpu);
        Worker server = _world.StartPassive(serversCpu, endpoint);
        Worker client = _world.Start(0);
        _world.Call(0, SystemCall.Call, endpoint);
        _world.Serve(serversCpu);
        Assert.Equal(Status.Ok, MakePassive(client));
        Assert.True(_world.Cpu(serversCpu)->Current == server.Thread);
        _world.Call(serversCpu, SystemCall.ReplyRecv, endpoint);
        _world.Serve(0);
        IsPassiveWhenItReceives(client);
    }

    [Fact]
    public void SoDoesWhoHasFaulted()
    {
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        uint endpoint = _world.Make(ObjectType.Endpoint);
        ulong copy = (ulong)CapTableOperation.Copy;
        _world.Invoke(0, table, copy, World.Pack(FaultTable.SlotFor(0), 0), World.Pack(endpoint, 7));
        Assert.Equal(Status.Ok, _world.Invoke(0, World.Space, (ulong)AddressSpaceOperation.SetFaultTable, table));
        Worker pager = _world.StartPassive(0, endpoint);
        Worker client = _world.Start(0);
        _world.Fault(0, 0x5000);
        Assert.True(_world.Cpu(0)->Current == pager.Thread);
        Assert.Equal(Status.Ok, MakePassive(client));
        _world.Call(0, SystemCall.ReplyRecv, endpoint);
        IsPassiveWhenItReceives(client);
    }

    /// <summary>Its client has no context any more, or is gone.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhoeverRunsOnItHasTimeOfHisOwnCPU(bool isDeleted)
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint);
        Worker client = _world.Start(0);
        _world.Call(0, SystemCall.Call, endpoint);
        Assert.Equal(Status.Ok, isDeleted ? _world.Delete(client.Slot, by: 1) : MakePassive(client));
        Assert.True(_world.Cpu(0)->Current == server.Thread && _world.Context(client)->Holder == server.Thread);
        Assert.Equal(
            Status.WrongCpu,
            _world.ConfigureBy(client.Context, 10_000, 0, World.FirstSchedControl + 1, by: 1)
        );
        Assert.Equal(Status.Ok, _world.ConfigureBy(client.Context, 10_000, 0, World.FirstSchedControl, by: 1));
        _world.Call(0, SystemCall.ReplyRecv, endpoint);
        Assert.True(_world.Context(client)->Holder == (isDeleted ? null : client.Thread));
        Assert.Equal(
            isDeleted ? Status.Ok : Status.WrongCpu,
            _world.ConfigureBy(client.Context, 10_000, 0, World.FirstSchedControl + 1, by: 1)
        );
    }

    /// <summary>Lent on to a server of another CPU it is still the first one's time.</summary>
    [Fact]
    public void LentOnItIsNotTheOtherCPUS()
    {
        uint first = _world.Make(ObjectType.Endpoint);
        uint second = _world.Make(ObjectType.Endpoint, 1);
        _world.StartPassive(0, first);
        Worker far = _world.StartPassive(1, second);
        Worker client = _world.Start(0);
        _world.Call(0, SystemCall.Call, first);
        Assert.Equal(Status.Ok, MakePassive(client));
        _world.Call(0, SystemCall.Call, second);
        _world.Serve(1);
        Assert.True(_world.Context(client)->Holder == far.Thread);
        Assert.Equal(
            Status.WrongCpu,
            _world.ConfigureBy(client.Context, 10_000, 0, World.FirstSchedControl + 1, by: 1)
        );
        Assert.Equal(Status.Ok, _world.ConfigureBy(client.Context, 10_000, 0, World.FirstSchedControl, by: 1));
    }

    /// <summary>Whose caller is gone keeps the time for nobody's bits.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AServerGivesItBackThoughItHasBits(bool isSuspended)
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint notification = _world.Make(ObjectType.Notification);
        Worker server = _world.StartPassive(0, endpoint);
        Worker client = _world.Start(0);
        _world.Call(0, SystemCall.Call, endpoint);
        Assert.Equal(Status.Ok, _world.OnThread(server.Slot, ThreadOperation.BindNotification, notification, by: 1));
        ((Notification*)_world.Slot(notification)->Object)->Bits = 1;
        Assert.Equal(
            Status.Ok,
            isSuspended
                ? _world.OnThread(client.Slot, ThreadOperation.Suspend, by: 1)
                : _world.Delete(client.Slot, by: 1)
        );
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        _world.Call(0, SystemCall.Recv, endpoint);
        Assert.Equal(ThreadState.Receiving, server.State);
        Assert.True(server.Thread->SchedContext == null);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>The server's CPU notes in the Reply object that a turn is over: the loan is taken out behind that.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheCPUOfTheReplyObjectStandsStillMeanwhile(bool fast)
    {
        _world.UseFastpath = fast;
        uint endpoint = _world.Make(ObjectType.Endpoint, 1);
        Worker server = _world.StartPassive(1, endpoint);
        Worker client = _world.MakeThread(0);
        Assert.Equal(Status.Ok, _world.Configure(client.Context, 1000, 5000));
        _world.Resume(client);
        uint other = _world.MakeTime();
        _world.Call(0, SystemCall.Call, endpoint);
        _world.Serve(1);
        Assert.True(_world.Cpu(1)->Current == server.Thread);
        Hardware.Clock += 2000 * World.TicksPerMicrosecond;
        ReadPoint.At(
            ReadPlace.ReplyMark,
            () =>
            {
                X86Base.InKernel = 1;
                Assert.Throws<WaitException>(() => _world.Schedule(client.Slot, 10, other, by: 0));
                X86Base.InKernel = -1;
            }
        );
        _world.Tick(1);
        Assert.False(ReadPoint.IsAwaited);
    }
}
