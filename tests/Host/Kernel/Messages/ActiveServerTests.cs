using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Calls to a server with time of its own, answers to faults, and signals to better threads, by their fastpaths.</summary>
public sealed unsafe class ActiveServerTests
{
    private const ulong Used = 1000;

    private readonly World _world = new(2);

    private void Consistent() => Assert.Empty(Invariants.Broken(_world));

    /// <summary>A server of priority 20 that waits at its endpoint, and a client of priority 10 that runs.</summary>
    private (uint Endpoint, Worker Server, Worker Client) Serving()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.Start(0, 20);
        _world.Call(0, SystemCall.Recv, endpoint);
        Worker client = _world.Start(0);
        // The timer is set for the budget of whoever was charged first.
        Assert.NotEqual(DeadlineTimer.Never, _world.Cpu(0)->TimerSetFor);
        return (endpoint, server, client);
    }

    [Fact]
    public void EachSideIsChargedForWhatItRan()
    {
        (uint endpoint, Worker server, Worker client) = Serving();
        int before = _world.FastCalls;
        ulong clientRan = _world.Context(client)->Consumed;
        ulong serverRan = _world.Context(server)->Consumed;
        Hardware.Clock += Used;
        _world.Call(0, SystemCall.Call, endpoint, 1, 71);
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        Assert.Equal(clientRan + Used, _world.Context(client)->Consumed);
        Assert.True(_world.Context(client)->Holder == client.Thread && _world.Context(server)->Holder == server.Thread);
        Consistent();
        Hardware.Clock += 2 * Used;
        _world.Call(0, SystemCall.ReplyRecv, endpoint, 1, 72);
        Assert.True(_world.Cpu(0)->Current == client.Thread);
        Assert.Equal(serverRan + 2 * Used, _world.Context(server)->Consumed);
        Assert.Equal(72ul, client.Thread->Word0);
        Assert.Equal(before + 2, _world.FastCalls);
        Consistent();
    }

    public static TheoryData<string> Refusals =>
        [
            "nobody is better",
            "an equal is ready",
            "no Reply object",
            "no time left",
            "an earlier end",
            "the caller's time is up",
            "debugged",
        ];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void ACallTakesTheSlowPathIf(string reason)
    {
        (uint endpoint, Worker server, Worker client) = Serving();
        if (reason == "nobody is better")
        {
            Assert.Equal(Status.Ok, _world.OnThread(server.Slot, ThreadOperation.SetPriority, 5));
            _world.Start(0, 6);
        }
        Worker other = _world.MakeThread(0, (byte)(reason == "an equal is ready" ? 10 : 4));
        switch (reason)
        {
            case "an equal is ready":
                Assert.Equal(Status.Ok, _world.OnThread(server.Slot, ThreadOperation.SetPriority, 10));
                _world.Resume(other);
                break;
            case "no Reply object":
                Assert.Equal(Status.Ok, _world.Delete(server.Reply));
                break;
            case "no time left":
                _world.Context(server)->Remaining = 0;
                break;
            case "an earlier end":
                _world.Context(server)->Remaining = 10;
                break;
            case "the caller's time is up":
                Hardware.Clock += _world.Context(client)->Remaining;
                break;
            case "debugged":
                Assert.Equal(Status.Ok, _world.OnThread(server.Slot, ThreadOperation.SetSingleStep, 1));
                break;
        }
        int before = _world.FastCalls;
        _world.Call(0, SystemCall.Call, endpoint, 1, 71);
        Assert.Equal(before, _world.FastCalls);
    }

    [Theory]
    [InlineData("a notification is bound")]
    [InlineData("the caller is no better than who is ready")]
    [InlineData("the caller moved")]
    [InlineData("the caller is debugged")]
    [InlineData("the caller has no time")]
    public void AnAnswerTakesTheSlowPathIf(string reason)
    {
        (uint endpoint, Worker server, Worker client) = Serving();
        _world.Call(0, SystemCall.Call, endpoint, 1, 71);
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        switch (reason)
        {
            case "a notification is bound":
                uint bound = _world.Make(ObjectType.Notification);
                Assert.Equal(Status.Ok, _world.OnThread(server.Slot, ThreadOperation.BindNotification, bound));
                break;
            case "the caller is no better than who is ready":
                _world.Start(0, 10);
                break;
            case "the caller moved":
                Assert.Equal(
                    Status.Ok,
                    _world.OnThread(client.Slot, ThreadOperation.SetCpu, World.FirstSchedControl + 1)
                );
                break;
            case "the caller is debugged":
                Assert.Equal(Status.Ok, _world.OnThread(client.Slot, ThreadOperation.SetSingleStep, 1));
                break;
            case "the caller has no time":
                _world.Context(client)->Remaining = 0;
                break;
        }
        int before = _world.FastCalls;
        _world.Call(0, SystemCall.ReplyRecv, endpoint, 1, 72);
        Assert.Equal(before, _world.FastCalls);
        Assert.Equal(ThreadState.Receiving, server.State);
    }

    [Theory]
    [InlineData(0ul, true)]
    [InlineData(FaultReply.SetRegisters, false)]
    public void APlainAnswerToAFaultResumesTheFaulter(ulong label, bool fast)
    {
        (uint endpoint, Worker pager, Worker faulter) = Faulted();
        int before = _world.FastCalls;
        _world.Call(0, SystemCall.ReplyRecv, endpoint, MessageInfo.Of(label, 4).Value, 0x5000, 0x6000, 0x202);
        Assert.Equal(before + (fast ? 1 : 0), _world.FastCalls);
        Assert.True(_world.Cpu(0)->Current == faulter.Thread);
        Assert.Equal(ThreadState.Receiving, pager.State);
        Assert.True(_world.Context(faulter)->Holder == faulter.Thread);
        Consistent();
    }

    [Fact]
    public void AFaulterThatIsNotTheBestWaitsForItsTurn()
    {
        (uint endpoint, _, Worker faulter) = Faulted();
        Worker better = _world.MakeThread(0, 12);
        Assert.Equal(Status.Ok, _world.OnThread(better.Slot, ThreadOperation.Resume));
        int before = _world.FastCalls;
        _world.Call(0, SystemCall.ReplyRecv, endpoint);
        Assert.Equal(before, _world.FastCalls);
        Assert.True(_world.Cpu(0)->Current == better.Thread);
        Assert.Equal(ThreadState.Ready, faulter.State);
        Consistent();
    }

    private (uint Endpoint, Worker Pager, Worker Faulter) Faulted()
    {
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        uint endpoint = _world.Make(ObjectType.Endpoint);
        const ulong copy = (ulong)CapTableOperation.Copy;
        ulong slot = World.Pack(FaultTable.SlotFor(0), 0);
        Assert.Equal(Status.Ok, _world.Invoke(0, table, copy, slot, World.Pack(endpoint, 7)));
        const ulong set = (ulong)AddressSpaceOperation.SetFaultTable;
        Assert.Equal(Status.Ok, _world.Invoke(0, World.Space, set, table));
        Worker pager = _world.StartPassive(0, endpoint, 30);
        Worker faulter = _world.Start(0);
        _world.Fault(0, 0x5000);
        Assert.True(_world.Cpu(0)->Current == pager.Thread);
        return (endpoint, pager, faulter);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("no time left", false)]
    [InlineData("the caller's time is up", false)]
    [InlineData("debugged", false)]
    [InlineData("bound", false)]
    public void ASignalToABetterThreadPreempts(string reason, bool fast)
    {
        uint notification = _world.Make(ObjectType.Notification);
        Worker waiter = _world.Start(0, 20);
        _world.Call(0, SystemCall.Wait, notification);
        Worker[] callers = [_world.Start(0), _world.Start(0)];
        Assert.True(_world.Cpu(0)->Current == callers[0].Thread);
        switch (reason)
        {
            case "no time left":
                _world.Context(waiter)->Remaining = 0;
                break;
            case "the caller's time is up":
                Hardware.Clock += _world.Context(callers[0])->Remaining;
                break;
            case "debugged":
                Assert.Equal(Status.Ok, _world.OnThread(waiter.Slot, ThreadOperation.SetSingleStep, 1));
                break;
            case "bound":
                Worker other = _world.MakeThread(0, 5);
                Status status = _world.OnThread(other.Slot, ThreadOperation.BindNotification, notification);
                Assert.Equal(Status.Ok, status);
                break;
        }
        int before = _world.FastCalls;
        Hardware.Clock += Used;
        _world.Call(0, SystemCall.Signal, notification);
        Assert.Equal(before + (fast ? 1 : 0), _world.FastCalls);
        if (!fast)
        {
            return;
        }
        Assert.True(_world.Cpu(0)->Current == waiter.Thread);
        Assert.Equal(1ul, waiter.Thread->Rdi);
        Assert.Equal(ThreadState.Ready, callers[0].State);
        Assert.Equal(Status.Ok, callers[0].Status);
        Consistent();
        // It goes on before its equal.
        _world.Call(0, SystemCall.Wait, notification);
        Assert.True(_world.Cpu(0)->Current == callers[0].Thread);
        Consistent();
    }
}
