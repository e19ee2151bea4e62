using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A budget that is used up, and comes back in an hour: a server that comes to stand on it is told, however it got it, and
/// who tells that he has used it up lends it to nobody.
/// </summary>
public sealed unsafe class UsedUpTimeTests : PoorClients
{
    [Fact]
    public void WhoTellsThatHeHasNoneLendsNoneToAPassiveServer()
    {
        Worker poor = StartPoor();
        Tells(poor, Endpoint);
        UseUp();
        World.Tick(0);
        Assert.Equal(ThreadState.Receiving, Server.State);
        Assert.Equal(ThreadState.Faulted, poor.State);
        Assert.True(poor.Thread->SchedContext != null);
        Consistent();
        World.Start(0);
        Assert.True(World.Call(0, SystemCall.Call, Endpoint) == Server.Thread);
    }

    /// <summary>It was busy when the fault came, so that this waits for it, as callers do.</summary>
    [Fact]
    public void NorIfThatOneReceivesLater()
    {
        Worker client = World.Start(0, 5);
        Assert.True(World.Call(0, SystemCall.Call, Endpoint) == Server.Thread);
        Good(World.Schedule(Server.Slot, 5));
        Worker poor = StartPoor();
        Tells(poor, Endpoint);
        UseUp();
        World.Tick(0);
        Assert.Equal(ThreadState.Faulted, poor.State);
        Assert.True(World.Cpu(0)->Current == Server.Thread);
        Assert.True(World.Call(0, SystemCall.ReplyRecv, Endpoint) == client.Thread);
        Assert.Equal(ThreadState.Receiving, Server.State);
        Assert.Equal(ThreadState.Faulted, poor.State);
        Consistent();
    }

    [Fact]
    public void AHandlerWithTimeOfItsOwnHasThatAlone()
    {
        Worker poor = StartPoor();
        Tells(poor, Timeouts);
        UseUp();
        World.Tick(0);
        Told(poor);
        Assert.True(poor.Thread->SchedContext == World.Context(poor));
        Assert.True(Keeper.Thread->SchedContext == World.Context(Keeper));
    }

    /// <summary>A better thread comes just when the budget ends under the server, which stands in the ready queue then.</summary>
    [Fact]
    public void AServerThatWasPreemptedAtTheEndIsTold()
    {
        StartPoor();
        Assert.True(World.Call(0, SystemCall.Call, Endpoint) == Server.Thread);
        UseUp();
        World.Operate(0);
        World.Rest(0);
        Told(Server);
        Sustain(Server);
    }

    [Fact]
    public void SoIsOneThatHasYielded()
    {
        StartPoor();
        Assert.True(World.Call(0, SystemCall.Call, Endpoint) == Server.Thread);
        Worker equal = World.MakeThread(0, 20);
        Good(World.OnThread(equal.Slot, ThreadOperation.Resume));
        Assert.True(World.Cpu(0)->Current == Server.Thread);
        UseUp();
        Assert.True(World.Call(0, SystemCall.Yield, 0) == equal.Thread);
        Good(World.OnThread(equal.Slot, ThreadOperation.Suspend));
        Told(Server);
    }

    /// <summary>The caller's budget ends on its way to another CPU.</summary>
    [Fact]
    public void AServerThatIsLentWhatHasEndedIsTold()
    {
        Worker poor = StartPoor(1);
        UseUp();
        World.Call(1, SystemCall.Call, Endpoint);
        World.Serve(0);
        Told(Server);
        Sustain(Server);
        World.Call(0, SystemCall.ReplyRecv, Endpoint);
        World.Serve(1);
        Assert.Equal(ThreadState.Receiving, Server.State);
        Assert.Equal(ThreadState.Ready, poor.State);
        Consistent();
    }

    /// <summary>What a caller that waits would lend is configured anew, and begins empty.</summary>
    [Fact]
    public void SoIsOneThatTakesACallerWhoHadTimeWhenHeCalled()
    {
        World.Start(0, 5);
        Assert.True(World.Call(0, SystemCall.Call, Endpoint) == Server.Thread);
        Worker poor = World.Start(0, 25);
        World.Call(0, SystemCall.Call, Endpoint);
        Assert.Equal(ThreadState.Sending, poor.State);
        Empty(poor.Context);
        Assert.Equal(0ul, World.Context(poor)->Remaining);
        World.Call(0, SystemCall.ReplyRecv, Endpoint);
        Told(Server);
        Sustain(Server);
    }

    /// <summary>A server that calls another gets back with the answer what it lent on, used up by the other.</summary>
    [Fact]
    public void AServerThatIsAnsweredWithNothingLeftIsTold()
    {
        uint further = World.Make(ObjectType.Endpoint);
        Worker second = World.StartPassive(0, further, 20);
        Tells(second, Timeouts);
        StartPoor();
        Assert.True(World.Call(0, SystemCall.Call, Endpoint) == Server.Thread);
        Assert.True(World.Call(0, SystemCall.Call, further) == second.Thread);
        UseUp();
        World.Tick(0);
        Told(second);
        Sustain(second);
        World.Call(0, SystemCall.ReplyRecv, further);
        Told(Server);
        Sustain(Server);
    }

    /// <summary>A plain answer says: wait for it. It is told once more when the next budget has ended.</summary>
    [Fact]
    public void WhoIsAnsweredWithoutTimeWaitsForTheRefill()
    {
        Worker poor = StartPoor();
        Tells(poor, Timeouts);
        UseUp();
        World.Tick(0);
        Told(poor);
        Assert.True(World.Call(0, SystemCall.ReplyRecv, Timeouts) == null);
        Assert.Equal(ThreadState.Ready, poor.State);
        Consistent();
        Hardware.Clock += Hour * World.TicksPerMicrosecond;
        World.Tick(0);
        Assert.True(World.Cpu(0)->Current == poor.Thread);
        UseUp();
        World.Tick(0);
        Told(poor);
    }

    /// <summary>Who did not ask to be told waits, as he did.</summary>
    [Fact]
    public void AServerThatDidNotAskWaitsForTheRefill()
    {
        Good(World.OnThread(Server.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.NoTime, Timeouts));
        StartPoor(1);
        UseUp();
        World.Call(1, SystemCall.Call, Endpoint);
        Assert.True(World.Serve(0) == null);
        Assert.Equal(ThreadState.Ready, Server.State);
        Consistent();
        Hardware.Clock += Hour * World.TicksPerMicrosecond;
        Assert.True(World.Tick(0) == Server.Thread);
    }

    /// <summary>The fault is due, and the operator of a higher priority gives more time before it is the server's turn.</summary>
    [Fact]
    public void WhoHasTimeAgainInTheMeantimeHasNoFault()
    {
        Worker poor = StartPoor();
        Assert.True(World.Call(0, SystemCall.Call, Endpoint) == Server.Thread);
        UseUp();
        World.Operate(0);
        Good(World.Configure(poor.Context, 10 * Budget, Hour));
        World.Rest(0);
        Assert.True(World.Cpu(0)->Current == Server.Thread);
        Assert.Equal(ThreadState.Receiving, Keeper.State);
        Consistent();
    }
}
