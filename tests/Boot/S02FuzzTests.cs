using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using Skerry.Abi;
using Skerry.Apps.KernelFuzz;
using Skerry.Qemu;
using Skerry.Qemu.Commands;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// Random system calls on four CPUs under the kernel that checks itself (apps/kernelfuzz). No panic, nothing lost, no
/// rule broken: the end is a success. The message of a failure has the command that repeats the run.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S02FuzzTests
{
    /// <summary>What takes some ten seconds for each way.</summary>
    private const ulong Share = 100_000;

    /// <summary>The same of a host thread for each CPU: with fewer processors than CPUs they wait for each other.</summary>
    private const ulong ParallelShare = 4_000;
    private const ulong All = 10_000_000;
    private const ulong CallsBetweenChecks = 1000;

    /// <summary>In 100,000 calls the rarest, a call by a server that has a caller, came through eleven times and more.</summary>
    private const ulong LeastOfEachScene = 1;

    /// <summary>Kinds of call that may have had no luck in a run.</summary>
    private const int MostSilent = 8;

    private static readonly Repository _repository = Repository.Locate();

    /// <summary>A wrong bit of the ready queues may stop the kernel before it is checked: the host's invariants show it.</summary>
    public static TheoryData<CheckedDamage, CheckedRule> Damages =>
        new()
        {
            { CheckedDamage.TreeLink, CheckedRule.TreeLinksDisagree },
            { CheckedDamage.Watermark, CheckedRule.ObjectOutsideParent },
            { CheckedDamage.UntypedWord, CheckedRule.UntypedNotZero },
            { CheckedDamage.ThreadState, CheckedRule.QueueState },
            { CheckedDamage.ContextHolder, CheckedRule.ThreadContext },
            { CheckedDamage.PageTableEntry, CheckedRule.PageUnknown },
            { CheckedDamage.Counter, CheckedRule.CounterWentBack },
        };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RandomCallsLeaveTheKernelWhole(bool mitigations)
    {
        bool isLong = SoakConfig.Soak > 0;
        var system = new FuzzSystem
        {
            Topology = FuzzSystem.DefaultTopology,
            Seed = isLong ? (ulong)RandomNumberGenerator.GetInt32(int.MaxValue) : 1,
            Calls = isLong ? All * (ulong)SoakConfig.Soak : Share,
            Mitigations = mitigations,
        };
        MachineResult result = RunToItsEnd(system);
        Assert.InRange(Number(Line(result, "end"), "faults"), 1ul, ulong.MaxValue);
        Assert.InRange(Silent(result).Count(), 0, MostSilent);
        IEnumerable<RecordLine> scenes = result.RecordsOf("fuzz").Where(line => line.Word(0) == "scene");
        Assert.Equal((int)Scene.Count, scenes.Count());
        Assert.All(scenes, line => Assert.InRange(Number(line, "ok"), LeastOfEachScene, ulong.MaxValue));
    }

    [Fact]
    public void CpusThatRaceLeaveTheKernelWhole() =>
        RunToItsEnd(
            new FuzzSystem
            {
                Topology = FuzzSystem.DefaultTopology,
                Seed = 1,
                Calls = ParallelShare * (ulong)Math.Max(1, 10 * SoakConfig.Soak),
                Parallel = true,
            }
        );

    private static MachineResult RunToItsEnd(FuzzSystem system)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(system.Replay);
        MachineResult result = Run(system, ExitStatus.Success);
        RecordLine end = Line(result, "end");
        Assert.InRange(Number(end, "calls"), system.Calls, ulong.MaxValue);
        Assert.InRange(Number(end, "checks"), system.Calls / CallsBetweenChecks, ulong.MaxValue);
        return result;
    }

    [Fact]
    public void TheSameSeedIsTheSameRun()
    {
        FuzzSystem system = Small() with { InstructionCount = true };
        string[] first = Lines(Run(system, ExitStatus.Success));
        Assert.Equal(first, Lines(Run(system, ExitStatus.Success)));
        Assert.NotEqual(first, Lines(Run(system with { Seed = 2 }, ExitStatus.Success)));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void DamageIsFound(CheckedDamage damage, CheckedRule rule)
    {
        MachineResult result = Run(Small() with { Damage = (ulong)damage }, ExitStatus.TestFailure);
        Assert.Equal((ulong)rule, Number(Line(result, "broken"), "rule"));
    }

    [Fact]
    public void TheKernelOfSystemsHasNoCheck()
    {
        MachineResult result = Run(Small() with { Unchecked = true }, ExitStatus.Success);
        Assert.Equal(0ul, Number(Line(result, "end"), "checks"));
    }

    private static FuzzSystem Small() =>
        new()
        {
            Topology = "1x1",
            Seed = 1,
            Calls = 5000,
        };

    private static MachineResult Run(FuzzSystem system, ExitStatus expected)
    {
        // Ten milliseconds for a call are far more than any takes; then the kernel stands still.
        TimeSpan limit = TimeSpan.FromSeconds(120) + TimeSpan.FromMilliseconds(10 * system.Calls);
        MachineResult result = (system with { TimeLimit = limit }).Run(_repository);
        string finding = FuzzSystem.Finding(result) ?? "no rule was found broken";
        Assert.True(result.Status == expected, $"{finding}\nagain: {system.Replay}\n{result.Describe()}");
        return result;
    }

    /// <summary>Kinds of call that the kernel accepts now and then, and never did in this run.</summary>
    private static IEnumerable<string> Silent(MachineResult result) =>
        result
            .RecordsOf("fuzz")
            .Where(line => line.Word(0) == "shape" && Number(line, "ok") == 0 && IsMeantToWork(line))
            .Select(line => line.ToString());

    private static bool IsMeantToWork(RecordLine line)
    {
        ulong call = Number(line, "call");
        var type = (ObjectType)Number(line, "type");
        ulong operation = Number(line, "operation");
        // The pagers' ReplyMapRecv is told by the number of faults; a worker seldom receives one.
        bool isKnown = call <= (ulong)SystemCall.NBRecv && call != (ulong)SystemCall.ReplyMapRecv;
        bool hasOperations = type is not (ObjectType.Reply or ObjectType.Notification);
        bool isRefused =
            type == ObjectType.IoPorts
                && (IoPortsOperation)operation is IoPortsOperation.Out16 or IoPortsOperation.Out32
            || type == ObjectType.Thread && operation == 0xffff
            || type == ObjectType.CapTable && operation == 0;
        return call == (ulong)SystemCall.Invoke ? hasOperations && !isRefused : isKnown;
    }

    private static RecordLine Line(MachineResult result, string word) =>
        result.RecordsOf("fuzz").Single(line => line.Word(0) == word);

    private static string[] Lines(MachineResult result) =>
        result.RecordsOf("fuzz").Select(line => line.ToString()).ToArray();

    private static ulong Number(RecordLine line, string field) =>
        ulong.Parse(line.Fields[field], CultureInfo.InvariantCulture);
}
