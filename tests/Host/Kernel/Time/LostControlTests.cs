using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A control goes while the end of a budget that it gave is being told.</summary>
public sealed unsafe class LostControlTests
{
    private readonly World _world = new(2);

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    /// <summary>
    /// A budget ends; while its Timeout fault waits for the lock the control of the context goes, and an interrupt comes
    /// before the lock is had.
    /// </summary>
    [Fact]
    public void AContextThatHasLostItsBudgetIsChargedForAMoment()
    {
        uint control = _world.NewSlot();
        Good(_world.DeriveControl(control, World.FirstSchedControl, 60));
        Worker worker = _world.MakeThread(0, 10);
        Good(_world.ConfigureBy(worker.Context, 10_000, 20_000, control));
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.Timeout));
        _world.Resume(worker);
        Assert.True(_world.Cpu(0)->Current == worker.Thread);
        Hardware.Clock += 10_001 * World.TicksPerMicrosecond;
        _world.WhileWaiting(0, () => Good(_world.Delete(control, by: 1)), () => _world.Tick(0), isInterrupted: true);
        var context = (SchedContext*)_world.Slot(worker.Context)->Object;
        Assert.Equal(0ul, context->Budget);
        Hardware.Clock += 100;
        // The interrupt that came.
        _world.Tick(0);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>Its context stands in the queue of refills already, as it may be due again at once.</summary>
    [Fact]
    public void AThreadThatIsStoppedWhileItsEndIsBeingToldWaitsForNoRefill()
    {
        Worker worker = _world.MakeThread(0, 10);
        Good(_world.Configure(worker.Context, 10_000, 20_000));
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.Timeout));
        _world.Resume(worker);
        Hardware.Clock += 10_001 * World.TicksPerMicrosecond;
        _world.WhileWaiting(
            0,
            () => Good(_world.OnThread(worker.Slot, ThreadOperation.Suspend, by: 1)),
            () => _world.Tick(0)
        );
        Assert.Equal(ThreadState.Inactive, worker.State);
        Assert.Empty(Invariants.Broken(_world));
    }
}
