using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// The fastpaths are short ways to the same place: a random scenario comes, step by step, to the same states with them
/// and without, accounts of time included.
/// </summary>
public sealed class EquivalenceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TheFastpathsComeToTheSameAsTheSlowPath(uint cpus)
    {
        World.Taken.Clear();
        Prop.ForAll(Rounds.Choices, choices => Compare(cpus, choices)).Check(Rounds.Of(150, 300));
        // Else it would show nothing.
        string[] paths =
        [
            "CallActive",
            "ReplyRecvActive",
            "AnswerFault",
            "SignalBetter",
            "SignalEqual",
            "Wait",
            "Interrupt",
            "Timer",
        ];
        string[] across = cpus == 1 ? [] : ["CallAcross", "AnswerAcross", "Arrival"];
        foreach (string path in (string[])[.. paths, .. across])
        {
            Assert.True(World.Taken.GetValueOrDefault(path) >= 10, $"{path} was taken too seldom");
        }
    }

    private static void Compare(uint cpus, int[] choices)
    {
        List<string> fast = Run(cpus, choices, fastpath: true, out List<string> trace);
        List<string> slow = Run(cpus, choices, fastpath: false, out List<string> slowTrace);
        for (int i = 0; i < choices.Length; i++)
        {
            Assert.True(slowTrace[i] == trace[i], $"{trace[i]} or {slowTrace[i]} after\n{string.Join("\n", trace)}");
            Assert.True(
                slow[i] == fast[i],
                $"step {i}\nbefore\n{(i == 0 ? "" : slow[i - 1])}\nslow\n{slow[i]}\nfast\n{fast[i]}\nafter\n"
                    + string.Join("\n", trace.GetRange(0, i + 1))
            );
        }
    }

    private static List<string> Run(uint cpus, int[] choices, bool fastpath, out List<string> trace)
    {
        // Each world takes the last one's place in memory, so that addresses compare.
        var model = new RoleModel(cpus, fastpath);
        model.World.OthersBreakpointsStrike = false;
        List<string> standing = [];
        foreach (int choice in choices)
        {
            model.Step((uint)choice);
            standing.Add(Standing.Of(model.World, model.Objects));
        }
        trace = model.Trace;
        return standing;
    }
}
