using System;
using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>The timer is set before the kernel asks, in work that a user makes long, whether an interrupt waits.</summary>
public sealed unsafe class TimerInLongWorkTests : IDisposable
{
    private const uint Many = 8;
    private const uint Budget = 10;
    private const uint Period = 1000;
    private const byte HighPriority = 40;
    private const int TableBits = 4;
    private const uint TableSlots = 1 << TableBits;

    private readonly World _world = new(2);

    public void Dispose() => LocalApic.Asked = null;

    /// <summary>A thread whose budget is used up while it runs.</summary>
    private Worker StartBriefly(byte priority)
    {
        Worker worker = _world.Start(0, priority);
        Assert.Equal(Status.Ok, _world.Configure(worker.Context, Budget, Period));
        Assert.True(_world.Serve(0) == worker.Thread);
        return worker;
    }

    [Fact]
    public void ItIsWhereManyTellThatTheyHaveNoTime()
    {
        Worker high = StartBriefly(HighPriority);
        for (int i = 0; i < Many; i++)
        {
            Worker worker = _world.MakeThread(0, passive: true);
            _world.OnThread(worker.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.NoTime);
            _world.Resume(worker);
        }
        int asks = 0;
        LocalApic.Asked = () =>
        {
            asks++;
            Assert.Equal(_world.Context(high)->RefillAt, _world.Cpu(0)->TimerSetFor);
        };
        _world.Pass(Budget * World.TicksPerMicrosecond);
        Assert.Equal((int)Many, asks);
    }

    /// <summary>
    /// Who waits at an endpoint that is deleted is ready again, and its time is used up: its refill is due before the rest of
    /// what goes with the endpoint has gone.
    /// </summary>
    [Fact]
    public void ItIsWhereADeletionMakesARefillDue()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker waiter = StartBriefly(HighPriority);
        Hardware.Clock += Budget * World.TicksPerMicrosecond;
        Assert.True(_world.Call(0, SystemCall.Recv, endpoint) == null);
        uint table = TableAround(endpoint);
        int asks = 0;
        LocalApic.Asked = () =>
        {
            asks++;
            Assert.False(_world.Cpu(0)->TimerIsStale);
        };
        Assert.Equal(Status.Ok, _world.Delete(table));
        Assert.Equal(ThreadState.Ready, waiter.State);
        Assert.Equal(_world.Context(waiter)->RefillAt, _world.Cpu(0)->Refills->RefillAt);
        Assert.True(asks > TableSlots / 2, $"{asks}");
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>A table of many capabilities with the last one to the endpoint in the middle.</summary>
    private uint TableAround(uint endpoint)
    {
        uint other = _world.Make(ObjectType.Endpoint);
        uint table = _world.Make(ObjectType.CapTable, sizeBits: TableBits);
        for (uint i = 1; i < TableSlots; i++)
        {
            bool isMiddle = i == TableSlots / 2;
            CapTableOperation operation = isMiddle ? CapTableOperation.Move : CapTableOperation.Copy;
            Assert.Equal(Status.Ok, InTable(table, operation, i, isMiddle ? endpoint : other));
        }
        return table;
    }

    private Status InTable(uint table, CapTableOperation operation, uint slot, uint other) =>
        _world.Invoke(0, table, (ulong)operation, World.Pack(slot, 0), World.Pack(other, 7));
}
