using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A thread's timeouts are told to the endpoint that its own table has in the slot it named, not to its pager.</summary>
public sealed unsafe class TimeoutHandlerTests
{
    private readonly World _world = new(2);
    private readonly uint _endpoint;
    private readonly uint _timeouts;
    private readonly Worker _pager;
    private readonly Worker _keeper;
    private readonly Worker _server;
    private readonly Worker _client;

    public TimeoutHandlerTests()
    {
        uint faults = _world.Make(ObjectType.Endpoint);
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        ulong place = World.Pack(FaultTable.SlotFor(0), 0);
        Good(_world.Invoke(0, table, (ulong)CapTableOperation.Copy, place, World.Pack(faults, 7)));
        Good(_world.Invoke(0, World.Space, (ulong)AddressSpaceOperation.SetFaultTable, table));
        _pager = _world.Start(0, 30);
        _world.Call(0, SystemCall.Recv, faults);
        _timeouts = _world.Make(ObjectType.Endpoint);
        _keeper = _world.Start(0, 30);
        _world.Call(0, SystemCall.Recv, _timeouts);
        _endpoint = _world.Make(ObjectType.Endpoint);
        _server = _world.StartPassive(0, _endpoint);
        _client = _world.Start(0);
    }

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    private void Handle(uint slot) =>
        Good(_world.OnThread(_server.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.NoTime, slot));

    private void LoseTime()
    {
        _world.Call(0, SystemCall.Call, _endpoint);
        Assert.True(_world.Cpu(0)->Current == _server.Thread);
        Good(_world.Delete(_client.Context));
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void ItHearsOfTheLostTimeAndTheServerGoesOn()
    {
        Handle(_timeouts);
        LoseTime();
        Assert.True(_world.Cpu(0)->Current == _keeper.Thread);
        Assert.Equal((ulong)FaultLabel.Timeout, new MessageInfo(_keeper.Thread->Info).Label);
        Assert.Equal(ThreadState.Receiving, _pager.State);
        Good(_world.Schedule(_server.Slot, 10, _world.MakeTime()));
        Assert.True(_world.Call(0, SystemCall.ReplyRecv, _timeouts) == _server.Thread);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>A budget ends under the server: with time of its own it goes on, and the client has its context back.</summary>
    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    public void ABudgetThatEndsUnderTheServerGoesBack(uint clientCpu)
    {
        Worker client = clientCpu == 0 ? _client : _world.Start(1);
        Good(_world.ConfigureBy(client.Context, 100, 1000, World.FirstSchedControl + clientCpu));
        Good(_world.OnThread(_server.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.Timeout, _timeouts));
        if (clientCpu != 0)
        {
            Good(_world.OnThread(_client.Slot, ThreadOperation.Suspend));
        }
        _world.Call(clientCpu, SystemCall.Call, _endpoint);
        _world.Serve(0);
        Assert.True(_world.Cpu(0)->Current == _server.Thread);
        Hardware.Clock += 101 * World.TicksPerMicrosecond;
        _world.Tick(0);
        Assert.True(_world.Cpu(0)->Current == _keeper.Thread);
        Assert.Equal(ThreadState.Faulted, _server.State);
        Good(_world.Schedule(_server.Slot, 10, _world.MakeTime()));
        Assert.True(client.Thread->SchedContext != null);
        Assert.Empty(Invariants.Broken(_world));
        Assert.True(_world.Call(0, SystemCall.ReplyRecv, _timeouts) == _server.Thread);
        _world.Call(0, SystemCall.ReplyRecv, _endpoint);
        _world.Serve(clientCpu);
        Assert.Equal(ThreadState.Receiving, _server.State);
        Assert.Empty(Invariants.Broken(_world));
        Hardware.Clock += 1000 * World.TicksPerMicrosecond;
        _world.Tick(clientCpu);
        Assert.True(_world.Cpu(clientCpu)->Current == client.Thread);
        Assert.Equal(Status.Ok, client.Status);
    }

    [Fact]
    public void OtherFaultsGoToThePager()
    {
        Handle(_timeouts);
        _world.Call(0, SystemCall.Call, _endpoint);
        _world.Fault(0, 0x5000);
        Assert.True(_world.Cpu(0)->Current == _pager.Thread);
        Assert.Equal(ThreadState.Receiving, _keeper.State);
    }

    [Fact]
    public void WithoutASlotThePagerHears()
    {
        Handle(0);
        LoseTime();
        Assert.True(_world.Cpu(0)->Current == _pager.Thread);
    }

    /// <summary>Nothing there, no endpoint, no right to send, or one of another CPU: as a fault that has no pager.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void WithoutAnEndpointOfThisCpuItStaysStopped(int kind)
    {
        uint slot = kind switch
        {
            0 => _world.NewSlot(),
            1 => _world.Make(ObjectType.Notification),
            2 => WithoutSend(),
            _ => _world.Make(ObjectType.Endpoint, cpu: 1),
        };
        Handle(slot);
        LoseTime();
        Assert.Equal(ThreadState.Faulted, _server.State);
        Assert.True(_world.Cpu(0)->Current == null);
    }

    private uint WithoutSend()
    {
        uint slot = _world.NewSlot();
        Good(_world.Copy(slot, _timeouts, (uint)EndpointRights.Receive));
        return slot;
    }
}
