using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>When the timer comes, and what its ticks are, with a clock that the tests move.</summary>
public sealed unsafe class TimerTests
{
    private const ulong Microsecond = World.TicksPerMicrosecond;

    [Fact]
    public void ASwitchLeavesATimerThatComesEarlyEnough()
    {
        var world = new World(1);
        Worker low = world.Start(0, 10);
        Worker high = world.MakeThread(0, 20);
        int before = LocalApic.TimerWrites;
        Hardware.Clock += 100 * Microsecond;
        world.Resume(high);
        Assert.True(world.Cpu(0)->Current == high.Thread);
        Assert.Equal(before, LocalApic.TimerWrites);
        TimeTests.Configure(world, high, 200, 1000);
        Assert.Equal(before + 1, LocalApic.TimerWrites);
        Assert.True(world.Cpu(0)->TimerSetFor == Hardware.Clock + 200 * Microsecond);
        // Early for who runs then: the interrupt finds nothing to do but to set it anew.
        Hardware.Clock += 100 * Microsecond;
        world.OnThread(high.Slot, ThreadOperation.Suspend);
        Hardware.Clock += 100 * Microsecond;
        Assert.True(world.Tick(0) == low.Thread);
        Assert.True(world.Cpu(0)->TimerSetFor > Hardware.Clock);
        Assert.Empty(Invariants.Broken(world));
    }

    [Fact]
    public void AnIdleCPUIsNotWoken()
    {
        var world = new World(1);
        Worker worker = world.Start(0);
        Assert.NotEqual(DeadlineTimer.Never, world.Cpu(0)->TimerSetFor);
        world.OnThread(worker.Slot, ThreadOperation.Suspend);
        Assert.Equal(DeadlineTimer.Never, world.Cpu(0)->TimerSetFor);
        Assert.Equal(0u, LocalApic.TimerTicks);
    }

    [Fact]
    public void ConsumedTimeHasTheSliceThatRuns()
    {
        var world = new World(2);
        Worker worker = world.Start(1);
        Hardware.Clock += 123 * Microsecond;
        Assert.Equal(Status.Ok, world.Invoke(0, worker.Context, (ulong)SchedContextOperation.Consumed));
        Assert.Equal(123 * Microsecond, world.Operator(0)->Word0);
        Hardware.Clock += 10 * Microsecond;
        world.OnThread(worker.Slot, ThreadOperation.Suspend);
        Hardware.Clock += 1000 * Microsecond;
        world.Invoke(0, worker.Context, (ulong)SchedContextOperation.Consumed);
        Assert.Equal(133 * Microsecond, world.Operator(0)->Word0);
    }

    [Theory]
    [InlineData(3_000_000_000, 25_000_000, 3_000_000, 25_001)]
    [InlineData(1_000_000_000, 1_000_000_000, 1, 2)]
    [InlineData(1_000_000_000, 1_000_000_000, 0, 1)]
    [InlineData(2_400_000_000, 1_000_000_000, 1_000_000_000_000, 1_000_000_000)]
    [InlineData(1_000_000_000, 3_900_000_000, 1_000_000_000_000, 3_900_000_000)]
    public void TimeIsConvertedUp(ulong tscHertz, ulong apicHertz, ulong tscTicks, ulong apicTicks)
    {
        var world = new World(1);
        DeadlineTimer.Initialise(tscHertz, apicHertz, hasTscDeadline: false);
        DeadlineTimer.Set(world.Cpu(0), Hardware.Clock + tscTicks, Hardware.Clock);
        Assert.InRange(LocalApic.TimerTicks, apicTicks - apicTicks / 1_000_000, apicTicks + 1);
    }

    [Fact]
    public void APastDeadlineComesAtOnce()
    {
        var world = new World(1);
        DeadlineTimer.Set(world.Cpu(0), Hardware.Clock - 5, Hardware.Clock);
        Assert.Equal(1u, LocalApic.TimerTicks);
    }

    [Fact]
    public void WhereTheProcessorComparesTheCounterNothingIsConverted()
    {
        var world = new World(1);
        DeadlineTimer.Initialise(1_000_000_000, 1_000_000_000, hasTscDeadline: true);
        DeadlineTimer.Set(world.Cpu(0), 77_000_000_000_000, Hardware.Clock);
        Assert.Equal(77_000_000_000_000ul, LocalApic.Deadline);
        DeadlineTimer.Stop(world.Cpu(0));
        Assert.Equal(0ul, LocalApic.Deadline);
    }
}
