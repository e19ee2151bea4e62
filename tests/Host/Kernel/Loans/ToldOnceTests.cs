using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// The end of a budget is told once by each thread that stands on it: not twice, and never taken for told because another was.
/// </summary>
public sealed unsafe class ToldOnceTests : PoorClients
{
    /// <summary>
    /// A server that told of another budget long ago faults, by the fast path, and its client's budget ends under the pager.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnAnsweredFaultIsNoAnsweredTimeout(bool usesFastpath)
    {
        uint faults = World.Make(ObjectType.Endpoint);
        uint table = World.Make(ObjectType.CapTable, sizeBits: 4);
        ulong place = World.Pack(FaultTable.SlotFor(0), 0);
        Good(World.Invoke(0, table, (ulong)CapTableOperation.Copy, place, World.Pack(faults, 7)));
        Good(World.Invoke(0, World.Space, (ulong)AddressSpaceOperation.SetFaultTable, table));
        Worker pager = World.StartPassive(0, faults, 25);
        Tells(pager, Timeouts);
        LetServerTellAndGoOn();
        StartPoor();
        Assert.True(World.Call(0, SystemCall.Call, Endpoint) == Server.Thread);
        World.UseFastpath = usesFastpath;
        Assert.True(World.Fault(0, 0x5000) == pager.Thread);
        UseUp();
        World.Tick(0);
        Told(pager);
        Sustain(pager, 25);
        World.Call(0, SystemCall.ReplyRecv, faults);
        Told(Server);
    }

    /// <summary>Told of a client's budget, kept going, and passive again.</summary>
    private void LetServerTellAndGoOn()
    {
        Worker client = StartPoor();
        World.Call(0, SystemCall.Call, Endpoint);
        UseUp();
        World.Tick(0);
        Told(Server);
        Sustain(Server);
        World.Call(0, SystemCall.ReplyRecv, Endpoint);
        Good(World.Schedule(Server.Slot, 20));
        Good(World.OnThread(client.Slot, ThreadOperation.Suspend));
    }

    [Fact]
    public void WhoIsGivenUsedUpTimeTellsOfThat()
    {
        StartPoor();
        World.Call(0, SystemCall.Call, Endpoint);
        UseUp();
        World.Tick(0);
        Told(Server);
        uint spare = World.Make(ObjectType.SchedContext);
        Empty(spare);
        Good(World.Schedule(Server.Slot, 20, spare));
        World.Call(0, SystemCall.ReplyRecv, Timeouts);
        Told(Server);
    }

    /// <summary>The same context and the same end, lent once more by another thread, which it was given to meanwhile.</summary>
    [Fact]
    public void WhoIsLentTheSameOnceMoreTellsOnceMore()
    {
        Worker poor = StartPoor(1);
        UseUp();
        World.Call(1, SystemCall.Call, Endpoint);
        World.Serve(0);
        Told(Server);
        Sustain(Server);
        World.Call(0, SystemCall.ReplyRecv, Endpoint);
        Good(World.Schedule(Server.Slot, 20));
        World.Serve(1);
        World.Start(0, 5);
        Assert.True(World.Call(0, SystemCall.Call, Endpoint) == Server.Thread);
        Worker second = World.Start(1);
        World.Call(1, SystemCall.Call, Endpoint);
        World.Serve(0);
        Assert.Equal(ThreadState.Sending, second.State);
        Good(World.Schedule(poor.Slot, 10));
        Good(World.Schedule(second.Slot, 10, poor.Context));
        Assert.True(second.Thread->SchedContext == World.Context(poor));
        World.Call(0, SystemCall.ReplyRecv, Endpoint);
        Told(Server);
    }

    [Theory]
    [InlineData(ThreadOperation.SetPriority)]
    [InlineData(ThreadOperation.SetScheduling)]
    [InlineData(ThreadOperation.SetCpu)]
    public void WhoWaitsForTheRefillTellsNoMoreOfIt(ThreadOperation operation)
    {
        Worker poor = StartPoor();
        Tells(poor, Timeouts);
        UseUp();
        World.Tick(0);
        Told(poor);
        World.Call(0, SystemCall.ReplyRecv, Timeouts);
        Assert.Equal(ThreadState.Ready, poor.State);
        Good(Change(poor, operation));
        World.Serve(1);
        Assert.Equal(ThreadState.Ready, poor.State);
        Assert.Equal(ThreadState.Receiving, Keeper.State);
        Consistent();
    }

    private Status Change(Worker worker, ThreadOperation operation) =>
        operation switch
        {
            ThreadOperation.SetPriority => World.OnThread(worker.Slot, operation, 9, World.FirstSchedControl),
            ThreadOperation.SetScheduling => World.Schedule(worker.Slot, 10, worker.Context),
            _ => World.OnThread(worker.Slot, operation, World.FirstSchedControl + 1),
        };

    /// <summary>It waits for an hour when somebody wants to hear of it.</summary>
    [Fact]
    public void WhoIsToTellFromNowOnTellsOfWhatHeWaitsFor()
    {
        Worker poor = StartPoor();
        UseUp();
        World.Tick(0);
        Assert.Equal(ThreadState.Ready, poor.State);
        Tells(poor, Timeouts);
        Told(poor);
    }

    /// <summary>And who is not any more waits for the refill.</summary>
    [Fact]
    public void WhoIsNotToTellAnyMoreWaits()
    {
        Worker poor = StartPoor();
        Tells(poor, Timeouts);
        UseUp();
        World.Operate(0);
        Tells(poor, 0, ThreadFaults.None);
        World.Rest(0);
        Assert.Equal(ThreadState.Ready, poor.State);
        Assert.Equal(ThreadState.Receiving, Keeper.State);
        Consistent();
        Hardware.Clock += Hour * World.TicksPerMicrosecond;
        Assert.True(World.Tick(0) == poor.Thread);
    }
}
