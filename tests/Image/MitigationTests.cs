using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Code;
using Skerry.Tests.Image.Elf;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Tests.Image;

/// <summary>The doors for mitigations=on.</summary>
public sealed class MitigationTests
{
    /// <summary>Doors that the kernel leaves by; SwitchSpace is the fast one to another address space.</summary>
    private static readonly string[] _exits = ["SwitchSpace", "Resume", "SwitchAndResume"];

    private static MachineCode Kernel => ImageFiles.Code("kernel");

    [Fact]
    public void NothingButTheDoorsIsTouchedOnTheUsersRoot() =>
        FindingAssert.None(RootSwitchCheck.Run(Kernel, DoorNames.Mitigated(DoorNames.Entries), Start, End));

    [Fact]
    public void ThePlainDoorsWouldNotPass() =>
        Assert.NotEmpty(RootSwitchCheck.Run(Kernel, DoorNames.Unmitigated(DoorNames.Entries), Start, End));

    [Fact]
    public void NoGsBaseIsUsedBeforeItIsDecidedOn() =>
        FindingAssert.None(SwapgsFenceCheck.Run(Kernel, DoorNames.Mitigated(DoorNames.Entries)));

    [Fact]
    public void ThePlainDoorsHaveNoFences() =>
        Assert.NotEmpty(SwapgsFenceCheck.Run(Kernel, DoorNames.Unmitigated(DoorNames.Entries)));

    [Fact]
    public void AllBarriersStandBeforeAnotherAddressSpace() =>
        FindingAssert.None(SpaceBarrierCheck.Run(Kernel, DoorNames.Mitigated(_exits)));

    /// <summary>The doors that change the current address space are among those with barriers.</summary>
    [Fact]
    public void NoOtherDoorChangesTheAddressSpace()
    {
        string[] writers = DoorNames
            .Mitigated([.. DoorNames.Entries, "TrapCommon", "TrapCritical", "ResumeThread", .. _exits])
            .Where(door => Kernel[door].Instructions.Any(WritesCurrentRoot))
            .ToArray();
        Assert.Equal(DoorNames.Mitigated("SwitchAndResume", "SwitchSpace").Order(), writers.Order());
    }

    /// <summary>What user mode's page tables map is whole pages, with nothing but mitigated doors in them.</summary>
    [Fact]
    public void TheMappedTextHoldsMitigatedDoorsAlone()
    {
        Assert.Equal((0ul, 0ul), (Start % 4096, End % 4096));
        IEnumerable<Routine> mapped = Kernel.Routines.Where(routine => routine.Start >= Start && routine.Start < End);
        Assert.All(mapped, routine => Assert.Contains("Mitigated", routine.Name));
        Assert.All(
            DoorNames.Mitigated([.. DoorNames.Entries, .. _exits]),
            door => Assert.InRange(Kernel[door].Start, Start, End - 1)
        );
    }

    public static TheoryData<string> Breakages =>
        [
            "touches what is not mapped",
            "calls on the user's root",
            "returns on the kernel's root",
            "a root that cannot",
        ];

    [Theory]
    [MemberData(nameof(Breakages))]
    public void EachBreakageIsSeen(string breakage)
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Door",
                (a, target) =>
                {
                    a.swapgs();
                    if (breakage.StartsWith("touches"))
                    {
                        a.mov(rdx, __qword_ptr[rdx]);
                    }
                    if (breakage.StartsWith("calls"))
                    {
                        a.call(target("Other"));
                    }
                    a.mov(rdx, __qword_ptr.gs[CpuLayout.KernelRoot]);
                    a.mov(cr3, rdx);
                    a.mov(rcx, __qword_ptr[rdx]);
                    if (breakage.StartsWith("a root"))
                    {
                        a.mov(cr3, rcx);
                    }
                    if (!breakage.StartsWith("returns"))
                    {
                        a.mov(rdx, __qword_ptr.gs[CpuLayout.CurrentRoot]);
                        a.or(rdx, __qword_ptr.gs[CpuLayout.UserRootBits]);
                        a.mov(cr3, rdx);
                    }
                    a.sysretq();
                }
            )
            .Routine("Other", a => a.ret())
            .Build();
        FindingAssert.Single(breakage, RootSwitchCheck.Run(code, ["Door"], 0, ulong.MaxValue));
    }

    [Fact]
    public void ADoorThatIsNotMappedIsSeen()
    {
        MachineCode code = new CodeBuilder().Routine("Door", a => a.iretq()).Routine("Next", a => a.swapgs()).Build();
        Assert.Empty(RootSwitchCheck.Run(code, ["Door"], 0, 1));
        FindingAssert.Single("runs what is not mapped", RootSwitchCheck.Run(code, ["Next"], 0, 1));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void AMissingFenceOnEitherPathIsSeen(bool behindSwapgs, int other)
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Door",
                a =>
                {
                    Label fromKernel = a.CreateLabel();
                    a.test(__byte_ptr[rsp + 16], 3);
                    a.je(fromKernel);
                    a.swapgs();
                    if (behindSwapgs)
                    {
                        a.lfence();
                    }
                    a.mov(rax, __qword_ptr.gs[0]);
                    a.Label(ref fromKernel);
                    if (other != 0)
                    {
                        a.lfence();
                    }
                    a.mov(rcx, __qword_ptr.gs[0]);
                }
            )
            .Build();
        FindingAssert.Single("no fence before", SwapgsFenceCheck.Run(code, ["Door"]));
    }

    [Theory]
    [InlineData("VERW", "without barriers: Buffers")]
    [InlineData("FXRSTOR", "without barriers: State")]
    [InlineData("VZEROALL", "without barriers: Upper")]
    [InlineData("work", "without barriers: Work")]
    [InlineData("block", "without barriers: Badge")]
    [InlineData("return stack", "return stack filled with 31")]
    public void AMissingBarrierIsSeen(string missing, string reason)
    {
        MachineCode code = new CodeBuilder().Routine("Resume", (a, target) => Barriers(a, target, missing)).Build();
        FindingAssert.Single(reason, SpaceBarrierCheck.Run(code, ["Resume"]));
    }

    /// <summary>A door that leaves a register of a thread where the next one could read it says that there is work.</summary>
    [Fact]
    public void WhoLeavesWordsSaysSo()
    {
        FindingAssert.None(LeftWordsCheck.Run(MitigatedDoors));
        // And where the hardware has pushed some.
        Assert.All(
            DoorNames.Mitigated("TrapCommon", "Vector14"),
            door => Assert.Contains(Kernel[door].Instructions, LeftWordsCheck.SaysSo)
        );
    }

    [Fact]
    public void WordsThatNobodySpeaksOfAreSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine("Door", a => a.mov(__qword_ptr.gs[CpuLayout.Scratch], rax))
            .Build();
        FindingAssert.Single("leaves words", LeftWordsCheck.Run([code["Door"]]));
        code = new CodeBuilder().Routine("Door", a => a.mov(rsp, __qword_ptr.gs[CpuLayout.EntryStack])).Build();
        FindingAssert.Single("leaves words", LeftWordsCheck.Run([code["Door"]]));
    }

    private static IEnumerable<Routine> MitigatedDoors =>
        Kernel.Routines.Where(routine => routine.Start >= Start && routine.Start < End);

    [Fact]
    public void AnExitWithoutBarriersIsSeen()
    {
        MachineCode code = new CodeBuilder().Routine("Resume", a => a.sysretq()).Build();
        FindingAssert.Single("notes no other address space", SpaceBarrierCheck.Run(code, ["Resume"]));
    }

    private static void Barriers(Assembler a, Func<string, Label> target, string missing)
    {
        a.mov(__qword_ptr.gs[CpuLayout.LastUserRoot], rcx);
        if (missing != "block")
        {
            a.mov(__qword_ptr.gs[CpuLayout.Badge], rdx);
        }
        if (missing != "work")
        {
            a.cmp(__byte_ptr.gs[CpuLayout.BarrierWork], 0);
        }
        for (int i = missing == "return stack" ? 1 : 0; i < 32; i++)
        {
            Label next = a.CreateLabel();
            a.call(next);
            a.int3();
            a.Label(ref next);
        }
        if (missing != "VZEROALL")
        {
            a.vzeroall();
        }
        if (missing != "FXRSTOR")
        {
            Label state = target("Resume");
            a.fxrstor64(__[state]);
        }
        if (missing != "VERW")
        {
            a.verw(__word_ptr.gs[CpuLayout.DataSelector]);
        }
        a.sysretq();
    }

    private static bool WritesCurrentRoot(Instruction instruction) =>
        instruction.Mnemonic == Mnemonic.Mov
        && instruction.Op0Kind == OpKind.Memory
        && instruction.MemorySegment == Register.GS
        && instruction.MemoryDisplacement64 == CpuLayout.CurrentRoot;

    private static ulong Start => Symbol("EntryStart");

    private static ulong End => Symbol("EntryEnd");

    private static ulong Symbol(string name) =>
        ImageFiles.Elf("kernel").Symbols.Single((ElfSymbol symbol) => symbol.Name == name).Address;
}
