using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// The accounts of time, whatever threads do: what ran on a context is what it says it consumed; no window sees more of it
/// than the most generous configuration allows; who is ready waits for one budget of each equal at most.
/// </summary>
public sealed class TimeModelTests
{
    private const ulong Lateness = 7 * World.TicksPerMicrosecond;

    [Theory]
    [InlineData(1, true, 0)]
    [InlineData(1, true, Lateness)]
    [InlineData(2, true, 0)]
    [InlineData(2, false, Lateness)]
    public void TimeIsChargedOnceAndBoundedAndEqualsTakeTurns(uint cpus, bool fastpath, ulong lateness) =>
        Prop.ForAll(Rounds.Choices, choices => Run(new TimeModel(cpus, fastpath, lateness), choices))
            .Check(Rounds.Of(100, 400));

    private static bool Run(TimeModel model, int[] choices)
    {
        foreach (int choice in choices)
        {
            model.Step((uint)choice);
            IReadOnlyList<CheckedRule> broken = Invariants.Broken(model.Ipc.World);
            if (broken.Count != 0 || model.Wrong != null)
            {
                throw Failure($"{model.Wrong} {string.Join("; ", broken)}", model);
            }
        }
        return model.Excess() is string excess ? throw Failure(excess, model) : true;
    }

    private static InvalidOperationException Failure(string what, TimeModel model) =>
        new($"{what}\nafter {string.Join("\n", model.Ipc.Trace)}");

    /// <summary>The budget of 1,000 in 5,000 is had twice, 4,000 apart.</summary>
    [Fact]
    public void AWindowThatSeesMoreShows()
    {
        var ledger = new TimeLedger();
        ledger.Configured(0, 1000, 5000);
        ledger.Ran(0, 1000);
        Assert.Null(ledger.Excess(0));
        ledger.Ran(4000, 4100);
        Assert.NotNull(ledger.Excess(0));
        Assert.Null(ledger.Excess(100));
    }

    [Fact]
    public void ALargerBudgetAllowsMore()
    {
        var ledger = new TimeLedger();
        ledger.Configured(0, 1000, 5000);
        ledger.Ran(0, 1000);
        ledger.Configured(3000, 2000, 5000);
        ledger.Ran(3000, 4000);
        Assert.Null(ledger.Excess(0));
        ledger.Ran(4000, 4001);
        Assert.NotNull(ledger.Excess(0));
    }
}
