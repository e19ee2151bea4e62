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

    private void GiveOwn()
    {
        Good(World.Schedule(Server.Slot, 20, World.MakeTime()));
        World.Serve(0);
    }
}
