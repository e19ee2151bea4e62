using System.Runtime.Intrinsics.X86;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A thread loses its context, or is deleted, while it has lent it: it does not get it back, and nobody else more.</summary>
public sealed unsafe class MadePassiveTests
{
    private readonly World _world = new(2);

    private Status MakePassive(Worker worker) => _world.Schedule(worker.Slot, 10, 0, by: 1);

    private void AssertIsPassive(Worker client)
    {
        Assert.Equal(ThreadState.Ready, client.State);
        Assert.True(client.Thread->SchedContext == null);
        Assert.True(_world.Cpu(0)->Current != client.Thread);
        Worker other = _world.MakeThread(0, passive: true);
        Assert.Equal(Status.Ok, _world.Schedule(other.Slot, 10, client.Context, by: 1));
        Assert.Empty(Invariants.Broken(_world));
    }

    [Theory]
    [InlineData(true, 0u)]
    [InlineData(false, 0u)]
    [InlineData(true, 1u)]
    [InlineData(false, 1u)]
    public void A_caller_has_no_time_when_it_is_answered(bool fast, uint serversCpu)
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
        AssertIsPassive(client);
    }

    [Fact]
    public void Who_has_faulted_has_no_time_when_the_pager_answers()
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
        AssertIsPassive(client);
    }

    /// <summary>Its client has no context any more, or is gone.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whoever_runs_on_it_has_time_of_his_own_CPU(bool isDeleted)
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
        Assert.True(_world.Context(client)->Holder == null);
        Assert.Equal(Status.Ok, _world.ConfigureBy(client.Context, 10_000, 0, World.FirstSchedControl + 1, by: 1));
    }

    /// <summary>The server's CPU notes in the Reply object that a turn is over: the loan is taken out behind that.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_CPU_of_the_Reply_object_stands_still_meanwhile(bool fast)
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
