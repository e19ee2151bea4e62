using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Code;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Tests.Image;

public sealed class VectorStateTests
{
    /// <summary>What a system call's entry leaves to Resume.</summary>
    private static readonly string[] _slowPaths =
    [
        EntryPoints.SystemCallsEnter,
        EntryPoints.CrossCallsCall,
        EntryPoints.CrossCallsReplyRecv,
    ];

    /// <summary>
    /// A system call's vector registers are dead, so its slow paths may use them, and Resume clears or restores them. An
    /// idle CPU has no user, and TrapFromKernel does not return.
    /// </summary>
    private static readonly HashSet<string> _allowed = DoorNames.With(
        [.. _slowPaths, EntryPoints.ReplyMappingMapOne, EntryPoints.TrapsFromIdle, EntryPoints.TrapsFromKernel],
        "Resume",
        "SwitchAndResume"
    );

    private static readonly HashSet<string> _nothing = [];

    private static IEnumerable<string> Doors => DoorNames.Of(DoorNames.Entries);

    [Fact]
    public void NoneAreUsedBeforeTheyAreSaved() =>
        FindingAssert.None(VectorStateCheck.BeforeSave(ImageFiles.Code("kernel"), Doors, _allowed));

    [Theory]
    [InlineData(EntryPoints.FastpathCall)]
    [InlineData(EntryPoints.FastpathReplyRecv)]
    [InlineData(EntryPoints.LongMessagesCall)]
    [InlineData(EntryPoints.LongMessagesReplyRecv)]
    [InlineData(EntryPoints.FaultsDeliverToWaiting)]
    [InlineData(EntryPoints.FastSignalsSignal)]
    [InlineData(EntryPoints.FastSignalsWait)]
    [InlineData(EntryPoints.FastSignalsPoll)]
    [InlineData(EntryPoints.FastSignalsNBSend)]
    [InlineData(EntryPoints.ActiveServersCall)]
    [InlineData(EntryPoints.ActiveServersReplyRecv)]
    [InlineData(EntryPoints.FastAnswersAnswerFault)]
    [InlineData(EntryPoints.FastWakesSignalBetter)]
    [InlineData(EntryPoints.FastRetypeOne)]
    [InlineData(EntryPoints.TraceRecorderFastSwitch)]
    [InlineData(EntryPoints.TraceRecorderFastAnswer)]
    public void TheFastpathUsesNone(string routine) =>
        FindingAssert.None(VectorStateCheck.BeforeSave(ImageFiles.Code("kernel"), [routine], _nothing));

    /// <summary>Behind a switch of address spaces and behind the slow path, nothing is left in them.</summary>
    [Fact]
    public void NoneReachAnotherUser()
    {
        MachineCode code = ImageFiles.Code("kernel");
        // The mitigated doors load CR3 on every way in and out, and change the address space elsewhere.
        IEnumerable<ulong> switches = DoorNames
            .Unmitigated("SystemCallEntry", "Vector14")
            .SelectMany(door =>
                VectorStateCheck.Behind(code[door], instruction => instruction.Op0Register == Register.CR3)
            )
            .Concat(DoorNames.Mitigated("SwitchSpace").Select(door => code[door].Start));
        IEnumerable<ulong> slow = DoorNames
            .Of("SystemCallEntry", "Vector14")
            .SelectMany(door => VectorStateCheck.Behind(code[door], instruction => CallsSlowPath(code, instruction)));
        IEnumerable<ulong> traps = DoorNames
            .Of("TrapCommon")
            .SelectMany(door => VectorStateCheck.Behind(code[door], ControlFlow.IsDirectCall));
        IEnumerable<ulong> first = DoorNames.Of("ResumeThread").Select(door => code[door].Start);
        ulong[] dirty = switches.Concat(slow).Concat(traps).Concat(first).ToArray();
        Assert.True(dirty.Length >= 10);
        FindingAssert.None(VectorStateCheck.Unscrubbed(code, dirty));
    }

    [Fact]
    public void OneInACalledFunctionIsSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Door",
                (a, target) =>
                {
                    a.call(target("Helper"));
                    a.ret();
                }
            )
            .Routine(
                "Helper",
                a =>
                {
                    a.movups(xmm0, __xmmword_ptr[rdi]);
                    a.ret();
                }
            )
            .Build();
        FindingAssert.Single("uses what is not saved", VectorStateCheck.BeforeSave(code, ["Door"], _nothing));
    }

    [Fact]
    public void OneOnOnlyOneOfTwoPathsIsSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Door",
                (a, target) =>
                {
                    a.test(rax, rax);
                    a.je(target("Unsaved"));
                    a.fxsave64(__[rbx]);
                    a.xorps(xmm0, xmm1);
                    a.ret();
                }
            )
            .Routine(
                "Unsaved",
                a =>
                {
                    a.vmovdqu(ymm3, __ymmword_ptr[rdi]);
                    a.ret();
                }
            )
            .Build();
        Finding finding = Assert.Single(VectorStateCheck.BeforeSave(code, ["Door"], _nothing));
        Assert.Equal("Unsaved", finding.Place);
    }

    [Fact]
    public void X87AndMmxAreSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Door",
                a =>
                {
                    a.fldz();
                    a.movq(mm0, rax);
                    a.ldmxcsr(__dword_ptr[rax]);
                    a.ret();
                }
            )
            .Build();
        Assert.Equal(3, VectorStateCheck.BeforeSave(code, ["Door"], _nothing).Count);
    }

    [Fact]
    public void WhatCannotBeFollowedIsSeen()
    {
        MachineCode code = new CodeBuilder().Routine("Door", a => a.jmp(rax)).Build();
        FindingAssert.Single("cannot be followed", VectorStateCheck.BeforeSave(code, ["Door"], _nothing));
    }

    [Fact]
    public void AReturnWithOneRegisterLeftIsSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Resume",
                a =>
                {
                    a.vzeroall();
                    a.ldmxcsr(__dword_ptr.gs[40]);
                    a.movd(xmm9, eax);
                    a.sysretq();
                }
            )
            .Build();
        FindingAssert.Single("registers not cleared: 3ffff", VectorStateCheck.Unscrubbed(code, [code["Resume"].Start]));
    }

    [Fact]
    public void AReturnWithX87LeftIsSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Resume",
                a =>
                {
                    a.vzeroall();
                    a.ldmxcsr(__dword_ptr.gs[40]);
                    a.sysretq();
                }
            )
            .Build();
        FindingAssert.Single("registers not cleared: 20000", VectorStateCheck.Unscrubbed(code, [code["Resume"].Start]));
    }

    [Fact]
    public void AReturnWithoutClearingIsSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Resume",
                a =>
                {
                    a.pxor(xmm0, xmm0);
                    a.swapgs();
                    a.iretq();
                }
            )
            .Build();
        FindingAssert.Single("registers not cleared: 3fffe", VectorStateCheck.Unscrubbed(code, [code["Resume"].Start]));
    }

    private static bool CallsSlowPath(MachineCode code, Instruction instruction) =>
        ControlFlow.IsDirectCall(instruction)
        && _slowPaths.Any(path => instruction.NearBranchTarget == code[path].Start);
}
