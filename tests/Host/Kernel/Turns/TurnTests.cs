using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Equals take turns, whoever works for them and whatever they do about their time.</summary>
public sealed unsafe class TurnTests() : EqualTurns(1)
{
    private const ulong Step = 100 * Microsecond;

    /// <summary>
    /// Lets time pass in steps, with the timer's interrupts; before each, the current thread does something.
    /// </summary>
    /// <returns>How much of it each of two threads had, itself or through others.</returns>
    private (ulong First, ulong Second) Share(Worker first, Worker second, int steps, System.Action act)
    {
        for (int i = 0; i < steps; i++)
        {
            act();
            _world.Pass(Step);
            Assert.Empty(Invariants.Broken(_world));
        }
        _world.Operate(0);
        ulong ofFirst = _world.Context(first)->Consumed;
        ulong ofSecond = _world.Context(second)->Consumed;
        _world.Rest(0);
        Assert.Equal((ulong)steps * Step, ofFirst + ofSecond);
        return (ofFirst, ofSecond);
    }

    /// <summary>The server is better, and nearly all work is its own; it has its clients' priority or another.</summary>
    [Theory]
    [InlineData(20, true)]
    [InlineData(20, false)]
    [InlineData(10, true)]
    [InlineData(10, false)]
    public void AClientOfAServerSharesWithItsEqual(byte priority, bool fastpath)
    {
        _world.UseFastpath = fastpath;
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint, priority);
        Worker caller = _world.Start(0);
        Worker other = _world.Start(0);
        (ulong first, ulong second) = Share(
            caller,
            other,
            2000,
            () =>
            {
                if (Runs(server))
                {
                    _world.Call(0, SystemCall.ReplyRecv, endpoint);
                }
                if (Runs(caller))
                {
                    _world.Call(0, SystemCall.Call, endpoint);
                }
            }
        );
        Assert.InRange(first, second * 9 / 10, second * 11 / 10);
    }

    /// <summary>The budget ends in the last of three; the one in the middle has an equal who waits.</summary>
    [Fact]
    public void WhoServesAndCallsGivesWayToItsEqualToo()
    {
        uint middle = _world.Make(ObjectType.Endpoint);
        uint last = _world.Make(ObjectType.Endpoint);
        Worker middleServer = _world.StartPassive(0, middle, 20);
        Worker lastServer = _world.StartPassive(0, last, 30);
        Worker caller = _world.Start(0);
        Worker other = _world.Start(0);
        Worker equal = _world.MakeThread(0, 20);
        _world.Call(0, SystemCall.Call, middle);
        _world.Call(0, SystemCall.Call, last);
        Assert.True(Runs(lastServer));
        _world.Resume(equal);
        Hardware.Clock += 10_000 * Microsecond;
        _world.Tick(0);
        Assert.True(Runs(lastServer));
        _world.Call(0, SystemCall.ReplyRecv, last);
        Assert.True(Runs(equal));
        _world.OnThread(equal.Slot, ThreadOperation.Suspend);
        Assert.True(Runs(middleServer));
        _world.Call(0, SystemCall.ReplyRecv, middle);
        Assert.True(Runs(other));
        Assert.Equal(ThreadState.Ready, caller.State);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>However it goes about it, a thread does not keep its turn by touching its own time.</summary>
    [Theory]
    [InlineData(10_000, 0, 10_000, 0)]
    [InlineData(10_000, 0, 5_000, 0)]
    [InlineData(10_000, 10_000, 10_000, 10_000)]
    [InlineData(10_000, 0, 10_000, 10_000)]
    public void AThreadThatConfiguresItselfSharesWithItsEqual(ulong budget, ulong period, ulong next, ulong nextPeriod)
    {
        Worker first = _world.Start(0);
        Worker second = _world.Start(0);
        Good(_world.Configure(second.Context, budget, period));
        int round = 0;
        (ulong ofFirst, ulong ofSecond) = Share(
            first,
            second,
            4000,
            () =>
            {
                bool odd = ++round % 2 != 0;
                if (Runs(first) && round % 49 < 2)
                {
                    Configure(first.Context, odd ? budget : next, odd ? period : nextPeriod);
                }
            }
        );
        Assert.InRange(ofFirst, 1ul, ofSecond * 11 / 10);
    }

    [Fact]
    public void ABudgetAsLongAsItsPeriodIsATurn()
    {
        Worker first = _world.Start(0);
        Worker second = _world.Start(0);
        Good(_world.Configure(first.Context, 5_000, 5_000));
        Good(_world.Configure(second.Context, 5_000, 5_000));
        (ulong ofFirst, ulong ofSecond) = Share(first, second, 2000, () => { });
        Assert.Equal(ofFirst, ofSecond);
    }

    /// <summary>Two of three yield to each other all the time.</summary>
    [Fact]
    public void WhoYieldToEachOtherGiveWayToTheirEqual()
    {
        Worker first = _world.Start(0);
        Worker second = _world.Start(0);
        Worker third = _world.Start(0);
        for (int i = 0; i < 3000; i++)
        {
            if (!Runs(third))
            {
                YieldTo(Runs(first) ? second : first);
            }
            _world.Pass(Step);
        }
        Assert.InRange(_world.Context(third)->Consumed, 3000 * Step / 4, 3000 * Step / 2);
    }

    /// <summary>The budget ends within the call, whose turn is over with it.</summary>
    [Fact]
    public void WhoYieldToEachOtherAsTheirTurnsEndGiveWayToTheirEqual()
    {
        const ulong budget = 10_000 * Microsecond;
        Worker first = _world.Start(0);
        Worker second = _world.Start(0);
        Worker third = _world.Start(0);
        ulong ran = 0;
        while (!Runs(third) && ran <= 3 * budget)
        {
            Worker next = Runs(first) ? second : first;
            Hardware.Clock += budget + Microsecond;
            ran += budget + Microsecond;
            YieldTo(next);
        }
        Assert.InRange(ran, budget, 2 * (budget + Microsecond));
    }

    /// <summary>They configure each other's contexts anew before they hand on, so that each has a whole budget again.</summary>
    [Fact]
    public void WhoConfigureEachOtherAndYieldGiveWayToTheirEqual()
    {
        Worker first = _world.Start(0);
        Worker second = _world.Start(0);
        Worker other = _world.Start(0);
        for (int i = 0; i < 1000 && !Runs(other); i++)
        {
            Worker next = Runs(first) ? second : first;
            Hardware.Clock += 9_000 * Microsecond;
            Configure(next.Context, 1, 0);
            if (Runs(other))
            {
                break;
            }
            Configure(next.Context, 10_000, 0);
            YieldTo(next);
        }
        Assert.True(Runs(other));
        ulong had = _world.Context(first)->Consumed + _world.Context(second)->Consumed;
        // Who has a moment left when nobody looks has it for as long as nobody looks.
        Assert.True(had <= 30_000 * Microsecond, $"{had / Microsecond} us");
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>It takes one context after the other, and has the first configured anew meanwhile.</summary>
    [Fact]
    public void WhoRunsOnOneContextAfterTheOtherGivesWayToItsEqual()
    {
        Worker first = _world.Start(0);
        Worker other = _world.Start(0);
        (uint before, uint next) = (first.Context, _world.MakeTime());
        (ulong firsts, ulong others) = (0, 0);
        for (int i = 1; i <= 1000; i++)
        {
            Worker current = Runs(first) ? first : other;
            Hardware.Clock += 9_000 * Microsecond;
            _world.Tick(0);
            (firsts, others) = current == first ? (firsts + 1, others) : (firsts, others + 1);
            if (Runs(first))
            {
                GiveTime(first, next);
                // What it has left is whole again.
                Good(_world.Configure(before, 1, 0));
                Good(_world.Configure(before, 10_000, 0));
                (before, next) = (next, before);
            }
        }
        Assert.InRange(others, firsts / 2, ulong.MaxValue);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>A server that yields to its equal on its caller's time all the time; its caller has an equal too.</summary>
    [Fact]
    public void YieldingOnLentTimeBeginsNoNewTurn()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint, 20);
        Worker caller = _world.Start(0);
        Worker other = _world.Start(0);
        _world.Call(0, SystemCall.Call, endpoint);
        Worker equal = _world.Start(0, 20);
        for (int i = 0; i < 22; i++)
        {
            bool serves = Runs(server);
            Assert.Equal(i % 2 == 0, serves);
            Hardware.Clock += serves ? 1000 * Microsecond : 0;
            _world.Call(0, SystemCall.Yield, 0);
        }
        _world.OnThread(equal.Slot, ThreadOperation.Suspend);
        _world.Call(0, SystemCall.ReplyRecv, endpoint);
        Assert.True(Runs(other));
        Assert.Equal(ThreadState.Ready, caller.State);
    }

    /// <summary>A turn that is over by the time its thread is preempted; the preempting thread is always there just then.</summary>
    [Fact]
    public void ATurnThatEndsInAPreemptionIsOver()
    {
        Worker first = _world.Start(0);
        Worker second = _world.Start(0);
        Worker better = _world.MakeThread(0, 20);
        Hardware.Clock += 11_000 * Microsecond;
        _world.Resume(better);
        Assert.True(Runs(better));
        _world.OnThread(better.Slot, ThreadOperation.Suspend);
        Assert.True(Runs(second));
        Assert.Equal(ThreadState.Ready, first.State);
    }

    /// <summary>A server of priority 20, whose budget ends there, is of its client's priority when it answers.</summary>
    [Fact]
    public void AServerThatChangesItsPriority()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint, 20);
        Worker caller = _world.Start(0);
        Worker equal = _world.Start(0);
        ulong set = (ulong)ThreadOperation.SetPriority;
        HasItsTurn(
            equal,
            () =>
            {
                Assert.True(Runs(caller));
                Invoke(server.Slot, set, 20, World.FirstSchedControl);
                _world.Call(0, SystemCall.Call, endpoint);
                _world.Pass(10 * Millisecond + Microsecond);
                Invoke(server.Slot, set, 10, World.FirstSchedControl);
                _world.Call(0, SystemCall.ReplyRecv, endpoint);
            }
        );
    }
}
