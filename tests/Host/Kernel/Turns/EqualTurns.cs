using System;
using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Equals take turns, whatever they do about their time, alone or with friends: the turn of one that only waits comes. Each
/// has a budget of 10 ms, and all that tests play runs on CPU 0.
/// </summary>
public abstract unsafe class EqualTurns(uint cpus)
{
    private protected const ulong Microsecond = World.TicksPerMicrosecond;
    private protected const ulong Millisecond = 1000 * Microsecond;

    /// <summary>What a thread does of its budget before the next trick.</summary>
    private const ulong MostOfBudget = 9 * Millisecond;

    /// <summary>Two others have a turn each before, or begin one more as nobody looks.</summary>
    private const ulong LongestWait = 50 * Millisecond;

    private protected readonly World _world = new(cpus);

    private protected bool Runs(Worker worker) => _world.Cpu(0)->Current == worker.Thread;

    private protected void Work() => _world.Pass(MostOfBudget);

    /// <summary>By the current thread.</summary>
    private protected void Invoke(uint slot, ulong operation, ulong w0 = 0, ulong w1 = 0, ulong w2 = 0) =>
        Good(_world.InvokeByCurrent(0, slot, operation, w0, w1, w2));

    private protected void Configure(uint context, ulong budget, ulong period) =>
        Invoke(context, (ulong)SchedContextOperation.Configure, budget, period, World.FirstSchedControl);

    /// <summary>So that what was used counts for nothing: 1 us is used up, and without a period it is there again.</summary>
    private protected void Renew(uint context)
    {
        Configure(context, 1, 0);
        Configure(context, 10_000, 0);
    }

    private protected void YieldTo(Worker worker) => Invoke(worker.Context, (ulong)SchedContextOperation.YieldTo);

    /// <summary>The current thread gives one of its own priority this context, or with 0 none.</summary>
    private protected void GiveTime(Worker to, uint context)
    {
        ulong schedule = (ulong)ThreadOperation.SetScheduling;
        Invoke(to.Slot, schedule, World.Pack(to.Thread->Priority, context), World.FirstSchedControl);
    }

    /// <summary>
    /// Others play their round again and again, each of which takes time, until the equal runs. A round in which it runs ends
    /// there.
    /// </summary>
    private protected void HasItsTurn(Worker equal, Action round)
    {
        Assert.False(Runs(equal));
        ulong start = Hardware.Clock;
        while (!Runs(equal))
        {
            ulong before = Hardware.Clock;
            round();
            ulong passed = Hardware.Clock - start;
            string told = $"{passed / Microsecond} us in slices of 10 ms, and the equal has not had its turn";
            Assert.True(Runs(equal) || passed < LongestWait, told);
            Assert.NotEqual(before, Hardware.Clock);
            Assert.Empty(Invariants.Broken(_world));
        }
    }

    private protected static void Good(Status status) => Assert.Equal(Status.Ok, status);
}
