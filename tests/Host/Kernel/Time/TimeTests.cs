using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
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
    public void ABudgetBoundsEveryWindow() =>
        Prop.ForAll(Rounds.Choices, choices => CheckWindows(RunInPieces(choices))).Check(Rounds.Of(100, 60));

    [Fact]
    public void AWindowThatSeesMoreShows() =>
        Assert.False(CheckWindows([(0, 1000 * Microsecond), (4000 * Microsecond, 4100 * Microsecond)]));

    /// <summary>Runs and rests by turns for the numbers' microseconds.</summary>
    /// <returns>When the thread ran: beginning and end.</returns>
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

    internal static void Configure(World world, Worker worker, ulong budget, ulong period) =>
        Assert.Equal(Status.Ok, world.Configure(worker.Context, budget, period, worker.Cpu));

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

    /// <summary>10 ms in a second, given anew every 9 ms by another thread.</summary>
    [Fact]
    public void ABudgetThatIsGivenAgainAndAgainIsNoLarger()
    {
        var world = new World(2);
        Worker worker = world.Start(1);
        Configure(world, worker, 10_000, 1_000_000);
        var ran = new List<(ulong, ulong)>();
        for (int i = 0; i < 111; i++)
        {
            PassOn(world, 1, 9_000, ran);
            Configure(world, worker, 10_000, 1_000_000);
        }
        Assert.Equal(10_000 * Microsecond, Sum(ran));
        Assert.Equal(10_000 * Microsecond, Consumed(world, worker));
    }

    /// <summary>The same, and its time is taken away and given back.</summary>
    [Fact]
    public void TimeThatIsTakenAwayAndGivenBackIsCharged()
    {
        var world = new World(2);
        Worker worker = world.Start(1);
        Configure(world, worker, 10_000, 1_000_000);
        var ran = new List<(ulong, ulong)>();
        for (int i = 0; i < 111; i++)
        {
            PassOn(world, 1, 9_000, ran);
            world.Schedule(worker.Slot, 10);
            world.Schedule(worker.Slot, 10, worker.Context);
        }
        Assert.Equal(10_000 * Microsecond, Sum(ran));
        Assert.Equal(10_000 * Microsecond, Consumed(world, worker));
    }

    /// <summary>The same, and the control that it comes from goes, and another one gives it anew.</summary>
    [Fact]
    public void TimeWhoseControlGoesIsCharged()
    {
        var world = new World(2);
        Worker worker = world.Start(1);
        uint control = world.NewSlot();
        var ran = new List<(ulong, ulong)>();
        for (int i = 0; i < 111; i++)
        {
            Assert.Equal(Status.Ok, world.DeriveControl(control, World.FirstSchedControl + 1, 10));
            Assert.Equal(Status.Ok, world.ConfigureBy(worker.Context, 10_000, 1_000_000, control));
            PassOn(world, 1, 9_000, ran);
            Assert.Equal(Status.Ok, world.Delete(control));
            Assert.True(world.Cpu(1)->Current == null);
        }
        Assert.Equal(10_000 * Microsecond, Sum(ran));
        Assert.Equal(10_000 * Microsecond, Consumed(world, worker));
    }

    [Fact]
    public void ALargerBudgetIsLargerAtOnceByTheDifference()
    {
        var world = new World(1);
        Worker worker = world.Start(0);
        Configure(world, worker, 1_000, 10_000);
        var ran = new List<(ulong, ulong)>();
        PassOn(world, 0, 2_000, ran);
        Configure(world, worker, 3_000, 10_000);
        PassOn(world, 0, 7_000, ran);
        Assert.Equal(3_000 * Microsecond, Sum(ran));
    }

    [Fact]
    public void ASmallerBudgetIsPaidBackButNotLongerThanBefore()
    {
        var world = new World(1);
        Worker worker = world.Start(0);
        Configure(world, worker, 10_000, 1_000_000);
        PassOn(world, 0, 5_000, []);
        Configure(world, worker, 1_000, 2_000);
        // The 5 are five budgets: this one, and four periods.
        Assert.Equal(Hardware.Clock + (1_000 + 4 * 2_000) * Microsecond, RefillAt(world, worker));
        Configure(world, worker, 1_000, 2_000);
        Assert.Equal(Hardware.Clock + (1_000 + 4 * 2_000) * Microsecond, RefillAt(world, worker));
        Configure(world, worker, 1, 3_600_000_000);
        Assert.InRange(RefillAt(world, worker), Hardware.Clock, Hardware.Clock + 3_600_000_000 * Microsecond);
    }

    /// <summary>As long as the old budget would have to be waited for, however often the new one is configured.</summary>
    [Fact]
    public void ASmallerShareIsNotWaitedForLongerNorShorter()
    {
        var world = new World(1);
        Worker worker = world.Start(0);
        Configure(world, worker, 2_000, 5_000);
        PassOn(world, 0, 2_000, []);
        ulong due = Hardware.Clock + 3_000 * Microsecond;
        for (int i = 0; i < 3; i++)
        {
            Configure(world, worker, 10, 1_000);
            Assert.Equal(due, RefillAt(world, worker));
        }
    }

    /// <summary>Half a budget too late: the next one is half as long.</summary>
    [Fact]
    public void WhatIsUsedBeyondTheBudgetIsTakenOffTheNext()
    {
        var world = new World(1);
        Worker worker = world.Start(0);
        Configure(world, worker, 1_000, 10_000);
        Hardware.Clock += 1_500 * Microsecond;
        world.Tick(0);
        ulong end = Hardware.Clock;
        Assert.Equal(end + 9_000 * Microsecond, RefillAt(world, worker));
        Hardware.Clock = RefillAt(world, worker);
        Assert.True(world.Tick(0) == worker.Thread);
        Assert.Equal(Hardware.Clock + 500 * Microsecond, world.Cpu(0)->TimerSetFor);
        // And three and a half.
        Hardware.Clock += 4_000 * Microsecond;
        world.Tick(0);
        Assert.Equal(Hardware.Clock + (9_000 + 3 * 10_000) * Microsecond, RefillAt(world, worker));
    }

    /// <summary>Budget and period, microseconds; and the argument that is to blame, or -1.</summary>
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(3_600_000_001, 0, 0)]
    [InlineData(ulong.MaxValue, 0, 0)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, 0)]
    [InlineData(1, 3_600_000_001, 1)]
    [InlineData(1, 1ul << 63, 1)]
    [InlineData(1, ulong.MaxValue, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 1, -1)]
    [InlineData(1, 3_600_000_000, -1)]
    [InlineData(3_600_000_000, 3_600_000_000, -1)]
    [InlineData(3_600_000_000, 0, -1)]
    public void OnlyWhatCanBeCountedIsConfigured(ulong budget, ulong period, int blamed)
    {
        var world = new World(1);
        Worker worker = world.Start(0);
        Configure(world, worker, 1_000, 2_000);
        SchedContext before = *ContextOf(world, worker);
        Status status = world.Configure(worker.Context, budget, period);
        Assert.Equal(blamed < 0 ? Status.Ok : Status.InvalidArgument, status);
        if (blamed >= 0)
        {
            Assert.Equal((ulong)blamed, world.Operator(0)->Word0);
            Assert.Equal(
                (before.Budget, before.Period),
                (ContextOf(world, worker)->Budget, ContextOf(world, worker)->Period)
            );
            return;
        }
        // However late the timer is, what is due lies ahead, and within what can be owed.
        Hardware.Clock += 1ul << 62;
        world.Tick(0);
        ulong due = world.Cpu(0)->TimerSetFor;
        Assert.True(due == DeadlineTimer.Never || due >= Hardware.Clock);
        Assert.InRange(RefillAt(world, worker), 0ul, Hardware.Clock + 17ul * 3_600_000_000 * Microsecond);
        Assert.Empty(Invariants.Broken(world));
    }

    /// <summary>A slow counter: the smallest budget is not nothing.</summary>
    [Fact]
    public void TheSmallestBudgetIsATick()
    {
        var world = new World(1);
        Timekeeping.TscHertz = 999_999;
        Assert.Equal(1ul, Timekeeping.ToTicks(1));
        Assert.Equal(0ul, Timekeeping.ToTicks(0));
        Assert.Equal(3_600ul * 999_999, Timekeeping.ToTicks(3_600_000_000));
        Assert.NotNull(world);
    }

    /// <summary>A context is charged from another CPU, whose clock is ahead: nothing is charged twice.</summary>
    [Fact]
    public void AClockThatIsBehindChargesNothing()
    {
        var world = new World(2);
        Worker worker = world.Start(1);
        Configure(world, worker, 1_000, 10_000);
        Hardware.Clock += 100 * Microsecond;
        Configure(world, worker, 1_000, 10_000);
        Hardware.Clock -= 50 * Microsecond;
        world.OnThread(worker.Slot, ThreadOperation.Suspend);
        Assert.InRange(Consumed(world, worker), 100 * Microsecond, 100 * Microsecond);
        Assert.Equal(900 * Microsecond, ContextOf(world, worker)->Remaining);
    }

    /// <summary>More than one interrupt handles are due at once; each interrupt takes 16.</summary>
    [Fact]
    public void RefillsComeSixteenAtATime()
    {
        var world = new World(1);
        var workers = new List<Worker>();
        for (int i = 0; i < 40; i++)
        {
            workers.Add(world.Start(0));
            Configure(world, workers[i], 1, 100_000);
        }
        for (int i = 0; i < 40; i++)
        {
            Hardware.Clock = world.Cpu(0)->TimerSetFor;
            world.Tick(0);
        }
        Assert.True(world.Cpu(0)->Current == null);
        Hardware.Clock += 200_000 * Microsecond;
        foreach (int left in (int[])[24, 8, 0])
        {
            world.Tick(0);
            Assert.Equal(left, workers.FindAll(w => ContextOf(world, w)->Remaining == 0).Count);
            Assert.True(left == 0 || world.Cpu(0)->TimerSetFor <= Hardware.Clock);
            Assert.Empty(Invariants.Broken(world));
        }
    }

    private static SchedContext* ContextOf(World world, Worker worker) =>
        (SchedContext*)world.Slot(worker.Context)->Object;

    private static ulong RefillAt(World world, Worker worker) => ContextOf(world, worker)->RefillAt;

    private static ulong Consumed(World world, Worker worker)
    {
        Assert.Equal(Status.Ok, world.Invoke(0, worker.Context, (ulong)SchedContextOperation.Consumed));
        return world.Operator(0)->Word0;
    }

    private static ulong Sum(List<(ulong Start, ulong End)> ran)
    {
        ulong sum = 0;
        ran.ForEach(piece => sum += piece.End - piece.Start);
        return sum;
    }

    /// <summary>Microseconds pass on one CPU, with its timer in time.</summary>
    private static void PassOn(World world, uint cpu, ulong microseconds, List<(ulong, ulong)> ran)
    {
        ulong end = Hardware.Clock + microseconds * Microsecond;
        while (Hardware.Clock < end)
        {
            ulong due = world.Cpu(cpu)->TimerSetFor;
            ulong start = Hardware.Clock;
            Hardware.Clock = due < end ? due : end;
            if (world.Cpu(cpu)->Current != null)
            {
                ran.Add((start, Hardware.Clock));
            }
            if (due <= Hardware.Clock)
            {
                world.Tick(cpu);
            }
        }
    }
}
