using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi;
using Skerry.Kernel.Machine;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Threads of two CPUs that call, receive, reply, fault, signal, run out of time, and are stopped or deleted at any
/// moment: after each step all invariants hold, and every message is received at most once, with the badge it was sent with.
/// </summary>
public sealed class IpcModelTests
{
    [Theory]
    [InlineData(1, true, false)]
    [InlineData(2, true, false)]
    [InlineData(2, false, false)]
    [InlineData(3, true, false)]
    [InlineData(2, true, true)]
    [InlineData(3, true, true)]
    public void MessagesLoansAndQueuesStayWhole(uint cpus, bool fastpath, bool hides)
    {
        Prop.ForAll(Rounds.Choices, choices => Run(cpus, fastpath, hides, choices)).Check(Rounds.Of(150, 400));
    }

    private static bool Run(uint cpus, bool fastpath, bool hides, int[] choices)
    {
        var model = new IpcModel(cpus, fastpath, hides);
        foreach (int choice in choices)
        {
            string step = model.Step((uint)choice);
            IReadOnlyList<CheckedRule> broken = Invariants.Broken(model.World);
            if (broken.Count != 0)
            {
                throw new InvalidOperationException(
                    $"{string.Join("; ", broken)}\nafter {string.Join("\n", model.Trace)}\n{step}"
                );
            }
        }
        return true;
    }
}
