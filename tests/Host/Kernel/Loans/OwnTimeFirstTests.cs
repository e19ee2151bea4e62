using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A server that was given time of its own within a call goes on with that when what it has borrowed is no use any more, by
/// whatever way.
/// </summary>
public sealed unsafe class OwnTimeFirstTests : PoorClients
{
    /// <summary>It did not ask to be told, and waited for an hour's refill.</summary>
    [Fact]
    public void WhoWaitsForABorrowedRefillGoesOnWithWhatHeIsGiven()
    {
        Tells(Server, 0, ThreadFaults.None);
        Worker poor = StartPoor();
        World.Call(0, SystemCall.Call, Endpoint);
        UseUp();
        World.Tick(0);
        Assert.Equal(ThreadState.Ready, Server.State);
        GiveOwn();
        Assert.True(World.Cpu(0)->Current == Server.Thread);
        Assert.True(poor.Thread->SchedContext == World.Context(poor));
        Consistent();
    }

    [Fact]
    public void SoDoesWhoHasItWhenTheBudgetEnds()
    {
        Tells(Server, 0, ThreadFaults.None);
        StartPoor();
        World.Call(0, SystemCall.Call, Endpoint);
        GiveOwn();
        Assert.True(Server.Thread->SchedContext != Server.Thread->OwnSchedContext);
        UseUp();
        World.Tick(0);
        Assert.True(World.Cpu(0)->Current == Server.Thread);
        Assert.True(Server.Thread->SchedContext == Server.Thread->OwnSchedContext);
        Consistent();
    }

    /// <summary>The client's context stays, with nothing: its control has gone.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SoDoesWhoseClientLosesItsControl(bool runs)
    {
        Worker client = World.MakeThread(0);
        uint control = World.NewSlot();
        Good(World.DeriveControl(control, World.FirstSchedControl, 60));
        Good(World.ConfigureBy(client.Context, 10_000, 0, control));
        World.Resume(client);
        World.Call(0, SystemCall.Call, Endpoint);
        GiveOwn();
        Worker? better = runs ? null : World.Start(0, 40);
        Good(World.Delete(control, by: 1));
        if (better != null)
        {
            Good(World.OnThread(better.Slot, ThreadOperation.Suspend, by: 1));
        }
        World.Serve(0);
        Assert.True(World.Cpu(0)->Current == Server.Thread);
        Assert.True(Server.Thread->SchedContext == Server.Thread->OwnSchedContext);
        Consistent();
    }

    [Fact]
    public void SoDoesWhoYieldsJustThen()
    {
        Tells(Server, 0, ThreadFaults.None);
        StartPoor();
        World.Call(0, SystemCall.Call, Endpoint);
        GiveOwn();
        Worker equal = World.MakeThread(0, 20);
        Good(World.OnThread(equal.Slot, ThreadOperation.Resume));
        Assert.True(World.Cpu(0)->Current == Server.Thread);
        UseUp();
        Assert.True(World.Call(0, SystemCall.Yield, 0) == equal.Thread);
        Good(World.OnThread(equal.Slot, ThreadOperation.Suspend));
        Assert.True(World.Cpu(0)->Current == Server.Thread);
        Assert.True(Server.Thread->SchedContext == Server.Thread->OwnSchedContext);
        Consistent();
    }

    /// <summary>The lender waits on another CPU, so its time goes back to it under the cluster lock alone (decision 0112).</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SoDoesWhoseLenderIsAnotherCpus(bool yields)
    {
        Tells(Server, 0, ThreadFaults.None);
        Worker poor = StartPoor(1);
        World.Call(1, SystemCall.Call, Endpoint);
        World.Serve(0);
        GiveOwn();
        Worker equal = World.MakeThread(0, 20);
        Good(World.OnThread(equal.Slot, ThreadOperation.Resume));
        UseUp();
        if (yields)
        {
            World.Call(0, SystemCall.Yield, 0);
        }
        else
        {
            World.Tick(0);
        }
        Good(World.OnThread(equal.Slot, ThreadOperation.Suspend));
        Assert.True(World.Cpu(0)->Current == Server.Thread);
        Assert.True(poor.Thread->SchedContext == World.Context(poor));
        Consistent();
    }

    [Fact]
    public void SoDoesWhoIsGivenItWhileHeIsSuspended()
    {
        Tells(Server, 0, ThreadFaults.None);
        StartPoor();
        World.Call(0, SystemCall.Call, Endpoint);
        UseUp();
        World.Tick(0);
        Good(World.OnThread(Server.Slot, ThreadOperation.Suspend));
        GiveOwn();
        Good(World.OnThread(Server.Slot, ThreadOperation.Resume));
        World.Rest(0);
        Assert.True(World.Cpu(0)->Current == Server.Thread);
        Assert.True(Server.Thread->SchedContext == Server.Thread->OwnSchedContext);
        Consistent();
    }

    /// <summary>It waits for the answer of a server with time of its own, so it has not lent what it has borrowed.</summary>
    [Fact]
    public void SoDoesWhoIsGivenItWhileHeWaitsForAnAnswer()
    {
        Tells(Server, 0, ThreadFaults.None);
        uint other = World.Make(ObjectType.Endpoint);
        Worker active = World.Start(0, 25);
        World.Call(0, SystemCall.Recv, other);
        Worker poor = StartPoor();
        World.Call(0, SystemCall.Call, Endpoint);
        Assert.True(World.Call(0, SystemCall.Call, other) == active.Thread);
        Empty(poor.Context);
        GiveOwn();
        Assert.True(Server.Thread->SchedContext != Server.Thread->OwnSchedContext);
        World.Call(0, SystemCall.ReplyRecv, other);
        Assert.True(World.Cpu(0)->Current == Server.Thread);
        Assert.True(Server.Thread->SchedContext == Server.Thread->OwnSchedContext);
        Consistent();
    }

    /// <summary>What it has of its own is used up, too: it waits for that, and others run.</summary>
    [Fact]
    public void WhoseOwnIsUsedUpTooWaitsForThat()
    {
        Tells(Server, 0, ThreadFaults.None);
        Worker worse = World.MakeThread(0, 3);
        Good(World.OnThread(worse.Slot, ThreadOperation.Resume));
        StartPoor();
        World.Call(0, SystemCall.Call, Endpoint);
        uint own = World.MakeTime();
        Empty(own);
        Good(World.Schedule(Server.Slot, 20, own));
        UseUp();
        World.Tick(0);
        Assert.True(World.Cpu(0)->Current == worse.Thread);
        Assert.True(Server.Thread->SchedContext == Server.Thread->OwnSchedContext);
        Assert.Equal(ThreadState.Ready, Server.State);
        Consistent();
    }

    private void GiveOwn()
    {
        Good(World.Schedule(Server.Slot, 20, World.MakeTime()));
        World.Serve(0);
    }
}
