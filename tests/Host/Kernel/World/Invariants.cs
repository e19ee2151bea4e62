using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;
using Skerry.Kernel.Checking;

namespace Skerry.Tests.Host.Kernel;

/// <summary>The checked kernel's check (kernel/Checking) over a world, in which no CPU is inside the kernel.</summary>
internal static unsafe class Invariants
{
    private static World? last;

    /// <summary>The rules that do not hold; none means that all do.</summary>
    public static IReadOnlyList<CheckedRule> Broken(World world) => world.WhileShown(() => Check(world));

    private static IReadOnlyList<CheckedRule> Check(World world)
    {
        if (last != world)
        {
            last = world;
            Checker.Forget();
        }
        var broken = new SortedSet<CheckedRule>();
        for (uint i = 0; i < world.CpuCount; i++)
        {
            // Who checks has no choice before it of who runs next, so more holds of it than of others.
            CheckReport report = Checker.Run(world.Cpu(i), world.Root);
            broken.UnionWith(Enum.GetValues<CheckedRule>().Where(report.Breaks));
        }
        return [.. broken];
    }
}
