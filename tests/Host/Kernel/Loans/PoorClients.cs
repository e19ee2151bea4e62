using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A passive server with a keeper on CPU 0, and clients whose budget comes back in an hour.</summary>
public abstract unsafe class PoorClients
{
    protected const ulong Budget = 100;
    protected const ulong Hour = 3_600_000_000;

    protected PoorClients()
    {
        Timeouts = World.Make(ObjectType.Endpoint);
        Keeper = World.Start(0, 30);
        World.Call(0, SystemCall.Recv, Timeouts);
        Endpoint = World.Make(ObjectType.Endpoint);
        Server = World.StartPassive(0, Endpoint, 20);
        Tells(Server, Timeouts);
    }

    private protected World World { get; } = new(2);

    /// <summary>Where the keeper hears, and where the server serves.</summary>
    private protected uint Timeouts { get; }

    private protected uint Endpoint { get; }

    private protected Worker Keeper { get; }

    private protected Worker Server { get; }

    protected static void Good(Status status) => Assert.Equal(Status.Ok, status);

    protected void Consistent() => Assert.Empty(Invariants.Broken(World));

    private protected void Tells(Worker worker, uint endpoint, ThreadFaults faults = ThreadFaults.Timeout) =>
        Good(World.OnThread(worker.Slot, ThreadOperation.SetFaults, (ulong)faults, endpoint));

    /// <summary>A thread with a tenth of a millisecond in an hour, which runs now.</summary>
    private protected Worker StartPoor(uint cpu = 0)
    {
        Worker worker = World.MakeThread(cpu);
        Good(World.ConfigureBy(worker.Context, Budget, Hour, World.FirstSchedControl + cpu));
        World.Resume(worker);
        Assert.True(World.Cpu(cpu)->Current == worker.Thread);
        return worker;
    }

    protected static void UseUp(ulong more = 1) => Hardware.Clock += (Budget + more) * World.TicksPerMicrosecond;

    /// <summary>A context that begins with nothing, for an hour.</summary>
    private protected void Empty(uint context)
    {
        uint share = World.NewSlot();
        Good(World.DeriveControl(share, World.FirstSchedControl, 60, SchedShare.Whole / 2));
        Good(World.ConfigureBy(context, Budget, Hour, share));
    }

    /// <summary>The keeper runs, with the fault of a thread whose time comes back within an hour.</summary>
    private protected void Told(Worker worker)
    {
        Assert.True(World.Cpu(0)->Current == Keeper.Thread);
        Assert.Equal(ThreadState.Faulted, worker.State);
        Assert.Equal((ulong)FaultLabel.Timeout, new MessageInfo(Keeper.Thread->Info).Label);
        Assert.InRange(Keeper.Thread->Word2, 1ul, Hour * World.TicksPerMicrosecond);
        Consistent();
    }

    /// <summary>The keeper gives the server time of its own: it goes on.</summary>
    private protected void Sustain(Worker server, uint priority = 20)
    {
        Good(World.Schedule(server.Slot, priority, World.MakeTime()));
        Assert.True(World.Call(0, SystemCall.ReplyRecv, Timeouts) == server.Thread);
        Consistent();
    }
}
