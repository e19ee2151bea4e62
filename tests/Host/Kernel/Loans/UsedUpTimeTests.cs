using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A budget that is used up, and comes back in an hour: a server that comes to stand on it is told, however it got it, and
/// who tells that he has used it up lends it to nobody.
/// </summary>
public sealed unsafe class UsedUpTimeTests
{
    private const ulong Budget = 100;
    private const ulong Hour = 3_600_000_000;

    private readonly World _world = new(2);
    private readonly uint _timeouts;
    private readonly uint _endpoint;
    private readonly Worker _keeper;
    private readonly Worker _server;

    public UsedUpTimeTests()
    {
        _timeouts = _world.Make(ObjectType.Endpoint);
        _keeper = _world.Start(0, 30);
        _world.Call(0, SystemCall.Recv, _timeouts);
        _endpoint = _world.Make(ObjectType.Endpoint);
        _server = _world.StartPassive(0, _endpoint, 20);
        Tells(_server, _timeouts);
    }

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    private void Consistent() => Assert.Empty(Invariants.Broken(_world));

    private void Tells(Worker worker, uint endpoint) =>
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.Timeout, endpoint));

    /// <summary>A thread with a tenth of a millisecond in an hour, which runs now.</summary>
    private Worker StartPoor(uint cpu = 0)
    {
        Worker worker = _world.MakeThread(cpu);
        Good(_world.ConfigureBy(worker.Context, Budget, Hour, World.FirstSchedControl + cpu));
        _world.Resume(worker);
        Assert.True(_world.Cpu(cpu)->Current == worker.Thread);
        return worker;
    }

    private static void UseUp(ulong more = 1) => Hardware.Clock += (Budget + more) * World.TicksPerMicrosecond;

    /// <summary>The keeper runs, with the fault of a thread whose time comes back within an hour.</summary>
    private void Told(Worker worker)
    {
        Assert.True(_world.Cpu(0)->Current == _keeper.Thread);
        Assert.Equal(ThreadState.Faulted, worker.State);
        Assert.Equal((ulong)FaultLabel.Timeout, new MessageInfo(_keeper.Thread->Info).Label);
        Assert.InRange(_keeper.Thread->Word2, 1ul, Hour * World.TicksPerMicrosecond);
        Consistent();
    }

    /// <summary>The keeper gives the server time of its own: it goes on.</summary>
    private void Sustain(Worker server)
    {
        Good(_world.Schedule(server.Slot, 20, _world.MakeTime()));
        Assert.True(_world.Call(0, SystemCall.ReplyRecv, _timeouts) == server.Thread);
        Consistent();
    }

    [Fact]
    public void WhoTellsThatHeHasNoneLendsNoneToAPassiveServer()
    {
        Worker poor = StartPoor();
        Tells(poor, _endpoint);
        UseUp();
        _world.Tick(0);
        Assert.Equal(ThreadState.Receiving, _server.State);
        Assert.Equal(ThreadState.Faulted, poor.State);
        Assert.True(poor.Thread->SchedContext != null);
        Consistent();
        _world.Start(0);
        Assert.True(_world.Call(0, SystemCall.Call, _endpoint) == _server.Thread);
    }

    /// <summary>It was busy when the fault came, so that this waits for it, as callers do.</summary>
    [Fact]
    public void NorIfThatOneReceivesLater()
    {
        Worker client = _world.Start(0, 5);
        Assert.True(_world.Call(0, SystemCall.Call, _endpoint) == _server.Thread);
        Good(_world.Schedule(_server.Slot, 5));
        Worker poor = StartPoor();
        Tells(poor, _endpoint);
        UseUp();
        _world.Tick(0);
        Assert.Equal(ThreadState.Faulted, poor.State);
        Assert.True(_world.Cpu(0)->Current == _server.Thread);
        Assert.True(_world.Call(0, SystemCall.ReplyRecv, _endpoint) == client.Thread);
        Assert.Equal(ThreadState.Receiving, _server.State);
        Assert.Equal(ThreadState.Faulted, poor.State);
        Consistent();
    }

    [Fact]
    public void AHandlerWithTimeOfItsOwnHasThatAlone()
    {
        Worker poor = StartPoor();
        Tells(poor, _timeouts);
        UseUp();
        _world.Tick(0);
        Told(poor);
        Assert.True(poor.Thread->SchedContext == _world.Context(poor));
        Assert.True(_keeper.Thread->SchedContext == _world.Context(_keeper));
    }

    /// <summary>A better thread comes just when the budget ends under the server, which stands in the ready queue then.</summary>
    [Fact]
    public void AServerThatWasPreemptedAtTheEndIsTold()
    {
        StartPoor();
        Assert.True(_world.Call(0, SystemCall.Call, _endpoint) == _server.Thread);
        UseUp();
        _world.Operate(0);
        _world.Rest(0);
        Told(_server);
        Sustain(_server);
    }

    [Fact]
    public void SoIsOneThatHasYielded()
    {
        StartPoor();
        Assert.True(_world.Call(0, SystemCall.Call, _endpoint) == _server.Thread);
        Worker equal = _world.MakeThread(0, 20);
        Good(_world.OnThread(equal.Slot, ThreadOperation.Resume));
        Assert.True(_world.Cpu(0)->Current == _server.Thread);
        UseUp();
        Assert.True(_world.Call(0, SystemCall.Yield, 0) == equal.Thread);
        Good(_world.OnThread(equal.Slot, ThreadOperation.Suspend));
        Told(_server);
    }

    /// <summary>The caller's budget ends on its way to another CPU.</summary>
    [Fact]
    public void AServerThatIsLentWhatHasEndedIsTold()
    {
        Worker poor = StartPoor(1);
        UseUp();
        _world.Call(1, SystemCall.Call, _endpoint);
        _world.Serve(0);
        Told(_server);
        Sustain(_server);
        _world.Call(0, SystemCall.ReplyRecv, _endpoint);
        _world.Serve(1);
        Assert.Equal(ThreadState.Receiving, _server.State);
        Assert.Equal(ThreadState.Ready, poor.State);
        Consistent();
    }

    /// <summary>What a caller that waits would lend is configured anew, and begins empty.</summary>
    [Fact]
    public void SoIsOneThatTakesACallerWhoHadTimeWhenHeCalled()
    {
        _world.Start(0, 5);
        Assert.True(_world.Call(0, SystemCall.Call, _endpoint) == _server.Thread);
        Worker poor = _world.Start(0, 25);
        _world.Call(0, SystemCall.Call, _endpoint);
        Assert.Equal(ThreadState.Sending, poor.State);
        uint share = _world.NewSlot();
        Good(_world.DeriveControl(share, World.FirstSchedControl, 60, SchedShare.Whole / 2));
        Good(_world.ConfigureBy(poor.Context, Budget, Hour, share));
        Assert.Equal(0ul, _world.Context(poor)->Remaining);
        _world.Call(0, SystemCall.ReplyRecv, _endpoint);
        Told(_server);
        Sustain(_server);
    }

    /// <summary>A server that calls another gets back with the answer what it lent on, used up by the other.</summary>
    [Fact]
    public void AServerThatIsAnsweredWithNothingLeftIsTold()
    {
        uint further = _world.Make(ObjectType.Endpoint);
        Worker second = _world.StartPassive(0, further, 20);
        Tells(second, _timeouts);
        StartPoor();
        Assert.True(_world.Call(0, SystemCall.Call, _endpoint) == _server.Thread);
        Assert.True(_world.Call(0, SystemCall.Call, further) == second.Thread);
        UseUp();
        _world.Tick(0);
        Told(second);
        Sustain(second);
        _world.Call(0, SystemCall.ReplyRecv, further);
        Told(_server);
        Sustain(_server);
    }

    /// <summary>A plain answer says: wait for it. It is told once more when the next budget has ended.</summary>
    [Fact]
    public void WhoIsAnsweredWithoutTimeWaitsForTheRefill()
    {
        Worker poor = StartPoor();
        Tells(poor, _timeouts);
        UseUp();
        _world.Tick(0);
        Told(poor);
        Assert.True(_world.Call(0, SystemCall.ReplyRecv, _timeouts) == null);
        Assert.Equal(ThreadState.Ready, poor.State);
        Consistent();
        Hardware.Clock += Hour * World.TicksPerMicrosecond;
        _world.Tick(0);
        Assert.True(_world.Cpu(0)->Current == poor.Thread);
        UseUp();
        _world.Tick(0);
        Told(poor);
    }

    /// <summary>Who did not ask to be told waits, as he did.</summary>
    [Fact]
    public void AServerThatDidNotAskWaitsForTheRefill()
    {
        Good(_world.OnThread(_server.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.NoTime, _timeouts));
        StartPoor(1);
        UseUp();
        _world.Call(1, SystemCall.Call, _endpoint);
        Assert.True(_world.Serve(0) == null);
        Assert.Equal(ThreadState.Ready, _server.State);
        Consistent();
        Hardware.Clock += Hour * World.TicksPerMicrosecond;
        Assert.True(_world.Tick(0) == _server.Thread);
    }

    /// <summary>The fault is due, and the operator of a higher priority gives more time before it is the server's turn.</summary>
    [Fact]
    public void WhoHasTimeAgainInTheMeantimeHasNoFault()
    {
        Worker poor = StartPoor();
        Assert.True(_world.Call(0, SystemCall.Call, _endpoint) == _server.Thread);
        UseUp();
        _world.Operate(0);
        Good(_world.Configure(poor.Context, 10 * Budget, Hour));
        _world.Rest(0);
        Assert.True(_world.Cpu(0)->Current == _server.Thread);
        Assert.Equal(ThreadState.Receiving, _keeper.State);
        Consistent();
    }
}
