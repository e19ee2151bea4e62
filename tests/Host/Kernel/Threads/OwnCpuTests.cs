using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>SetCpu by a control of the CPU that the thread is on: nothing moves, and all else is as after a move.</summary>
public sealed unsafe class OwnCpuTests
{
    private readonly World _world = new(2);

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    private uint Derive(uint priority, uint share = SchedShare.Whole)
    {
        uint slot = _world.NewSlot();
        Good(_world.DeriveControl(slot, World.FirstSchedControl, priority, share));
        return slot;
    }

    private Status SetCpu(Worker worker, uint control) => _world.OnThread(worker.Slot, ThreadOperation.SetCpu, control);

    private void Consistent() => Assert.Empty(Invariants.Broken(_world));

    [Fact]
    public void PriorityAndTimeAreByThatControlFromThenOn()
    {
        uint first = Derive(63);
        uint second = Derive(63);
        Worker worker = _world.MakeThread(0);
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetPriority, 10, first));
        Good(_world.ConfigureBy(worker.Context, 10_000, 0, first));
        Good(SetCpu(worker, second));
        _world.Resume(worker);
        Good(_world.Revoke(first));
        Assert.True(_world.Cpu(0)->Current == worker.Thread);
        Consistent();
        Good(_world.Revoke(second));
        Assert.Equal(ThreadState.Inactive, worker.State);
        Consistent();
    }

    [Fact]
    public void AControlBelowThePriorityIsRefused()
    {
        Worker worker = _world.MakeThread(0, priority: 40);
        Assert.Equal(Status.MissingRight, SetCpu(worker, Derive(3)));
        Assert.Equal(40, worker.Thread->Priority);
    }

    [Fact]
    public void AControlWithoutTheShareIsRefused()
    {
        Worker worker = _world.MakeThread(0);
        Good(_world.Configure(worker.Context, 5_000, 10_000));
        Assert.Equal(Status.MissingRight, SetCpu(worker, Derive(63, SchedShare.Whole / 4)));
        Consistent();
    }

    /// <summary>Whoever runs, and whoever is ready behind it, has to wait as by Configure.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(5)]
    public void APartBeginsWithAWait(byte priority)
    {
        Worker other = _world.Start(0, 10);
        Worker worker = _world.MakeThread(0, priority);
        Good(_world.Configure(worker.Context, 1_000, 10_000));
        _world.Resume(worker);
        Good(SetCpu(worker, Derive(63, SchedShare.Whole / 2)));
        Assert.True(_world.Cpu(0)->Current == other.Thread);
        Assert.Equal(0ul, worker.Thread->SchedContext->Remaining);
        Consistent();
        Hardware.Clock += 10_000 * World.TicksPerMicrosecond;
        _world.Tick(0);
        Assert.Equal(priority > 10, _world.Cpu(0)->Current == worker.Thread);
        Consistent();
    }

    /// <summary>What it has by the control already it does not have to wait for.</summary>
    [Fact]
    public void TheSamePartOnceMoreChangesNothing()
    {
        uint part = Derive(63, SchedShare.Whole / 2);
        Worker worker = _world.MakeThread(0);
        Good(_world.ConfigureBy(worker.Context, 1_000, 10_000, part));
        Good(SetCpu(worker, part));
        Hardware.Clock += 10_000 * World.TicksPerMicrosecond;
        _world.Resume(worker);
        _world.Tick(0);
        Assert.True(_world.Cpu(0)->Current == worker.Thread);
        ulong left = worker.Thread->SchedContext->Remaining;
        Good(SetCpu(worker, part));
        Assert.Equal(left, worker.Thread->SchedContext->Remaining);
        Assert.True(_world.Cpu(0)->Current == worker.Thread);
        Consistent();
    }
}
