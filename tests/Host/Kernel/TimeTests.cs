using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Budgets and the timer, with a clock that the tests move.</summary>
public sealed unsafe class TimeTests
{
    private const ulong Microsecond = World.TicksPerMicrosecond;
    private const ulong Budget = 1000;
    private const ulong Period = 5000;

    /// <summary>How late an interrupt comes at most, microseconds.</summary>
    private const ulong Latency = 7;

    /// <summary>However the use of a budget is spread, no window as long as a period sees more of it.</summary>
    [Fact]
    public void A_budget_bounds_every_window() =>
        Prop.ForAll(Rounds.Choices, choices => CheckWindows(RunInPieces(choices))).Check(Rounds.Of(100, 60));

    [Fact]
    public void A_window_that_sees_more_shows() =>
        Assert.False(CheckWindows([(0, 1000 * Microsecond), (4000 * Microsecond, 4100 * Microsecond)]));

    /// <summary>Runs and rests by turns for the numbers' microseconds. Answers when the thread ran: beginning and end.</summary>
    private static List<(ulong Start, ulong End)> RunInPieces(int[] choices)
    {
        var world = new World(1);
        Worker worker = world.MakeThread(0);
        Configure(world, worker, Budget, Period);
        var ran = new List<(ulong, ulong)>();
        foreach (int choice in choices)
        {
            Assert.Equal(Status.Ok, world.OnThread(worker.Slot, ThreadOperation.Resume));
            Pass(world, worker, (uint)choice % 2500, ran);
            Assert.Equal(Status.Ok, world.OnThread(worker.Slot, ThreadOperation.Suspend));
            Pass(world, worker, (uint)(choice / 2500) % 3000, ran);
        }
        return ran;
    }

    private static void Configure(World world, Worker worker, ulong budget, ulong period) =>
        Assert.Equal(Status.Ok, world.Configure(worker.Context, budget, period));

    private static void Pass(World world, Worker worker, ulong microseconds, List<(ulong, ulong)> ran)
    {
        ulong end = Hardware.Clock + microseconds * Microsecond;
        while (Hardware.Clock < end)
        {
            ulong due = world.Cpu(0)->TimerSetFor;
            ulong comes = due == DeadlineTimer.Never ? end : due + Latency * Microsecond;
            ulong start = Hardware.Clock;
            Hardware.Clock = comes < end ? comes : end;
            if (world.Cpu(0)->Current == worker.Thread)
            {
                ran.Add((start, Hardware.Clock));
            }
            if (due <= Hardware.Clock)
            {
                world.Tick(0);
            }
        }
    }

    private static bool CheckWindows(List<(ulong Start, ulong End)> ran)
    {
        const ulong allowed = (Budget + 2 * Latency) * Microsecond;
        foreach ((ulong start, _) in ran)
        {
            ulong used = 0;
            foreach ((ulong from, ulong to) in ran)
            {
                ulong last = to < start + Period * Microsecond ? to : start + Period * Microsecond;
                used += from >= start && last > from ? last - from : 0;
            }
            if (used > allowed)
            {
                return false;
            }
        }
        return true;
    }

    [Fact]
    public void A_switch_leaves_a_timer_that_comes_early_enough()
    {
        var world = new World(1);
        Worker low = world.Start(0, 10);
        Worker high = world.MakeThread(0, 20);
        int before = LocalApic.TimerWrites;
        Hardware.Clock += 100 * Microsecond;
        world.Resume(high);
        Assert.True(world.Cpu(0)->Current == high.Thread);
        Assert.Equal(before, LocalApic.TimerWrites);
        Configure(world, high, 200, 1000);
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
    public void An_idle_CPU_is_not_woken()
    {
        var world = new World(1);
        Worker worker = world.Start(0);
        Assert.NotEqual(DeadlineTimer.Never, world.Cpu(0)->TimerSetFor);
        world.OnThread(worker.Slot, ThreadOperation.Suspend);
        Assert.Equal(DeadlineTimer.Never, world.Cpu(0)->TimerSetFor);
        Assert.Equal(0u, LocalApic.TimerTicks);
    }

    [Fact]
    public void Consumed_time_has_the_slice_that_runs()
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
    public void Time_is_converted_up(ulong tscHertz, ulong apicHertz, ulong tscTicks, ulong apicTicks)
    {
        var world = new World(1);
        DeadlineTimer.Initialise(tscHertz, apicHertz, hasTscDeadline: false);
        DeadlineTimer.Set(world.Cpu(0), Hardware.Clock + tscTicks, Hardware.Clock);
        Assert.InRange(LocalApic.TimerTicks, apicTicks - apicTicks / 1_000_000, apicTicks + 1);
    }

    [Fact]
    public void A_past_deadline_comes_at_once()
    {
        var world = new World(1);
        DeadlineTimer.Set(world.Cpu(0), Hardware.Clock - 5, Hardware.Clock);
        Assert.Equal(1u, LocalApic.TimerTicks);
    }

    [Fact]
    public void Where_the_processor_compares_the_counter_nothing_is_converted()
    {
        var world = new World(1);
        DeadlineTimer.Initialise(1_000_000_000, 1_000_000_000, hasTscDeadline: true);
        DeadlineTimer.Set(world.Cpu(0), 77_000_000_000_000, Hardware.Clock);
        Assert.Equal(77_000_000_000_000ul, LocalApic.Deadline);
        DeadlineTimer.Stop(world.Cpu(0));
        Assert.Equal(0ul, LocalApic.Deadline);
    }
}
