using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;
using Skerry.Apps.KernelFuzz;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Random calls of all kinds by the threads of one, two or three CPUs: after each step all invariants hold, and when all is
/// revoked no capability and all memory is left. As with apps/kernelfuzz on the machine, but each order of the CPUs can
/// come, and a seed always gives the same run.
/// </summary>
public sealed class RandomCallsTests
{
    private const int Steps = 1200;

    /// <summary>Steps from one check to the next. Who looks for a fault's cause makes it 1.</summary>
    private const int StepsToCheck = 8;

    [Theory]
    [InlineData(1, true, 100)]
    [InlineData(2, true, 200)]
    [InlineData(2, false, 300)]
    [InlineData(3, true, 400)]
    public void AllInvariantsHold(uint cpus, bool fastpath, ulong seed)
    {
        ulong worlds = (ulong)Rounds.Of(20, 1).MaxTest;
        var successes = new uint[Shapes.Count];
        for (ulong i = 0; i < worlds; i++)
        {
            Run(cpus, fastpath, seed + i, successes);
        }
        string never = string.Join(
            ", ",
            successes.Index().Where(shape => shape.Item == 0).Select(shape => shape.Index)
        );
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{successes.Sum(count => (long)count)} successes, none of shapes {never}"
        );
    }

    private static void Run(uint cpus, bool fastpath, ulong seed, uint[] successes)
    {
        var calls = new RandomCalls(cpus, fastpath, seed);
        for (int step = 0; step < Steps; step++)
        {
            Try(calls, seed, step);
            if (step % StepsToCheck != 0)
            {
                continue;
            }
            IReadOnlyList<CheckedRule> broken = Invariants.Broken(calls.World);
            if (broken.Count != 0)
            {
                throw new InvalidOperationException(Text(calls, seed, step, string.Join("; ", broken)));
            }
        }
        string left = calls.End();
        if (left.Length != 0)
        {
            throw new InvalidOperationException(Text(calls, seed, Steps, $"left: {left}"));
        }
        for (int i = 0; i < successes.Length; i++)
        {
            successes[i] += calls.Successes[i];
        }
    }

    private static void Try(RandomCalls calls, ulong seed, int step)
    {
        try
        {
            calls.Step();
        }
        catch (Exception reason)
        {
            throw new InvalidOperationException(Text(calls, seed, step, reason.Message), reason);
        }
    }

    private static string Text(RandomCalls calls, ulong seed, int step, string what) =>
        $"seed {seed}, step {step}: {what}\nafter\n{string.Join("\n", calls.Trace)}";
}
