using System;
using System.Collections.Generic;
using System.IO;
using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Code;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Tests.Image;

public sealed class FastpathTests
{
    private static readonly HashSet<string> _nothing = [];
    private static readonly HashSet<string> _slow = DoorNames.With(
        [
            EntryPoints.ReplyMappingMapOne,
            EntryPoints.FastMapMap,
            EntryPoints.FastTableTryCopy,
            EntryPoints.FastTableTryDelete,
            EntryPoints.FastTableTryRevoke,
            EntryPoints.FastRetypeOne,
            EntryPoints.LongMessagesCall,
            EntryPoints.LongMessagesReplyRecv,
            EntryPoints.CrossCallsCall,
            EntryPoints.CrossCallsReplyRecv,
            EntryPoints.SystemCallsEnter,
        ],
        "Resume",
        "SwitchAndResume"
    );

    /// <summary>To another address space the mitigated entries leave by a door of its own.</summary>
    private static readonly string[] _leaving = [.. DoorNames.Mitigated("SwitchSpace")];
    private static readonly HashSet<string> _fromEntry =
    [
        .. _slow,
        .. _leaving,
        EntryPoints.FastpathCall,
        EntryPoints.FastpathReplyRecv,
        EntryPoints.FastSignalsSignal,
        EntryPoints.FastSignalsWait,
        EntryPoints.FastSignalsPoll,
        EntryPoints.FastSignalsNBSend,
        EntryPoints.ActiveServersCall,
        EntryPoints.ActiveServersReplyRecv,
        EntryPoints.FastAnswersAnswerFault,
        EntryPoints.FastWakesSignalBetter,
    ];
    private static readonly HashSet<string> _fromTracedEntry =
    [
        .. _fromEntry,
        EntryPoints.TraceRecorderFastSwitch,
        EntryPoints.TraceRecorderFastAnswer,
    ];

    [Theory]
    [InlineData(EntryPoints.FastpathCall)]
    [InlineData(EntryPoints.FastpathReplyRecv)]
    [InlineData(EntryPoints.FaultsDeliverToWaiting)]
    [InlineData(EntryPoints.FastSignalsSignal)]
    [InlineData(EntryPoints.FastSignalsWait)]
    [InlineData(EntryPoints.FastSignalsPoll)]
    [InlineData(EntryPoints.FastSignalsNBSend)]
    [InlineData(EntryPoints.ActiveServersCall)]
    [InlineData(EntryPoints.ActiveServersReplyRecv)]
    [InlineData(EntryPoints.FastAnswersAnswerFault)]
    [InlineData(EntryPoints.FastWakesSignalBetter)]
    public void GoesStraightOnAndCallsNothing(string routine) =>
        FindingAssert.None(Check(ImageFiles.Code("kernel"), routine, _nothing));

    /// <summary>Other CPUs may close the handler at that moment, so its state changes by one atomic instruction.</summary>
    [Fact]
    public void AnInterruptLocksOneWord() =>
        FindingAssert.Single(
            "locked access",
            Check(ImageFiles.Code("kernel"), EntryPoints.FastInterruptsReceived, _nothing)
        );

    [Theory]
    [InlineData("SystemCallEntry")]
    [InlineData("SystemCallEntryWithoutAvx")]
    [InlineData("SystemCallEntryMitigated")]
    [InlineData("SystemCallEntryWithoutAvxMitigated")]
    [InlineData("SwitchSpaceMitigated")]
    [InlineData("SwitchSpaceWithoutAvxMitigated")]
    public void TheEntryCallsOnlyWhatIsListed(string entry) =>
        FindingAssert.None(Check(ImageFiles.Code("kernel"), entry, _fromEntry));

    [Theory]
    [InlineData("SystemCallEntryTraced")]
    [InlineData("SystemCallEntryWithoutAvxTraced")]
    public void TheTracedEntryCallsTheRecorderToo(string entry) =>
        FindingAssert.None(Check(ImageFiles.Code("kernel"), entry, _fromTracedEntry));

    [Theory]
    [InlineData(EntryPoints.FastpathCall, FastpathBounds.Call)]
    [InlineData(EntryPoints.FastpathReplyRecv, FastpathBounds.ReplyRecv)]
    [InlineData(EntryPoints.FaultsDeliverToWaiting, FastpathBounds.Fault)]
    [InlineData(EntryPoints.FastSignalsSignal, FastpathBounds.Signal)]
    [InlineData(EntryPoints.FastSignalsWait, FastpathBounds.Wait)]
    [InlineData(EntryPoints.FastSignalsPoll, FastpathBounds.Poll)]
    [InlineData(EntryPoints.FastSignalsNBSend, FastpathBounds.NBSend)]
    [InlineData(EntryPoints.ActiveServersCall, FastpathBounds.CallActive)]
    [InlineData(EntryPoints.ActiveServersReplyRecv, FastpathBounds.ReplyRecvActive)]
    [InlineData(EntryPoints.FastAnswersAnswerFault, FastpathBounds.AnswerFault)]
    [InlineData(EntryPoints.FastWakesSignalBetter, FastpathBounds.SignalBetter)]
    [InlineData(EntryPoints.FastRetypeOne, FastpathBounds.Retype)]
    [InlineData(EntryPoints.FastInterruptsReceived, FastpathBounds.Interrupt)]
    [InlineData(EntryPoints.FastInterruptsTimer, FastpathBounds.Timer)]
    public void TheLongestPathIsBounded(string routine, int bound) =>
        Assert.InRange(new LongestPath(ImageFiles.Code("kernel"), Mnemonic.Ret, _nothing).From(routine), 1, bound);

    [Theory]
    [InlineData("SystemCallEntry", FastpathBounds.ThroughKernel)]
    [InlineData("SystemCallEntryWithoutAvx", FastpathBounds.ThroughKernelWithoutAvx)]
    [InlineData("SystemCallEntryMitigated", FastpathBounds.ThroughKernelMitigated)]
    [InlineData("SystemCallEntryWithoutAvxMitigated", FastpathBounds.ThroughKernelMitigated)]
    [InlineData("SystemCallEntryTraced", FastpathBounds.ThroughKernelTraced)]
    [InlineData("SystemCallEntryWithoutAvxTraced", FastpathBounds.ThroughKernelWithoutAvxTraced)]
    public void TheLongestPathThroughTheKernelIsBounded(string entry, int bound) =>
        Assert.InRange(
            new LongestPath(ImageFiles.Code("kernel"), Mnemonic.Sysretq, DoorNames.BesideMessages).From(entry),
            1,
            bound
        );

    public static TheoryData<string> Breakages =>
        ["indirect branch", "locked access", "exchange", "backward branch", "leaves the path", "repeated instruction"];

    [Theory]
    [MemberData(nameof(Breakages))]
    public void EachBreakageIsSeen(string breakage)
    {
        Action<Assembler, Func<string, Label>> body = breakage switch
        {
            "indirect branch" => (a, _) => a.jmp(__qword_ptr[rax]),
            "locked access" => (a, _) => a.@lock.inc(__qword_ptr[rax]),
            "exchange" => (a, _) => a.xchg(__qword_ptr[rax], rcx),
            "backward branch" => (a, target) => a.jne(target("Fast")),
            "leaves the path" => (a, target) => a.call(target("Other")),
            "repeated instruction" => (a, _) => a.rep.stosq(),
            _ => throw new ArgumentOutOfRangeException(nameof(breakage)),
        };
        MachineCode code = new CodeBuilder()
            .Routine(
                "Fast",
                (a, target) =>
                {
                    a.nop();
                    body(a, target);
                    a.ret();
                }
            )
            .Routine("Other", a => a.ret())
            .Build();
        FindingAssert.Single(breakage == "exchange" ? "locked access" : breakage, Check(code, "Fast", _nothing));
    }

    [Fact]
    public void APathIsAsLongAsItsLongerBranch()
    {
        MachineCode code = Branching();
        // test, je, three of the longer branch with the call, the callee's two, ret.
        Assert.Equal(8, new LongestPath(code, Mnemonic.Ret, _nothing).From("Fast"));
    }

    [Fact]
    public void APathThroughWhatIsExcludedDoesNotCount() =>
        Assert.Equal(3, new LongestPath(Branching(), Mnemonic.Ret, new HashSet<string> { "Other" }).From("Fast"));

    [Fact]
    public void ALoopHasNoLongestPath()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Fast",
                (a, target) =>
                {
                    a.dec(rax);
                    a.jne(target("Fast"));
                    a.ret();
                }
            )
            .Build();
        Assert.Throws<InvalidDataException>(() => new LongestPath(code, Mnemonic.Ret, _nothing).From("Fast"));
    }

    private static MachineCode Branching() =>
        new CodeBuilder()
            .Routine(
                "Fast",
                (a, target) =>
                {
                    Label end = a.CreateLabel();
                    a.test(rax, rax);
                    a.je(end);
                    a.inc(rax);
                    a.call(target("Other"));
                    a.inc(rax);
                    a.Label(ref end);
                    a.ret();
                }
            )
            .Routine(
                "Other",
                a =>
                {
                    a.nop();
                    a.ret();
                }
            )
            .Build();

    private static IReadOnlyList<Finding> Check(MachineCode code, string routine, IReadOnlySet<string> mayCall) =>
        FastpathCheck.Run(code, code[routine], mayCall);
}
