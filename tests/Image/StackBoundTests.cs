using System.Collections.Generic;
using Skerry.Abi.Boot;
using Skerry.Kernel.Layout;
using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Code;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Tests.Image;

public sealed class StackBoundTests
{
    private const int PageBytes = 4096;

    /// <summary>The lowest page of a kernel stack's slot is not mapped.</summary>
    private const int StackBytes = (int)KernelLayout.StackSlotSize - PageBytes - StackLayout.Head;

    /// <summary>Where every failed check of compiled code ends.</summary>
    private const string Failure = "Skerry_Runtime_Internal_Runtime_CompilerHelpers_ThrowHelpers__Fail";

    /// <summary>
    /// Deletes itself and, through a thread and its address space, what they hold: a thread, an address space and a fault
    /// table are the deepest (kernel/Capabilities/Deletion.cs).
    /// </summary>
    private const string Deletion = "Skerry_Kernel_Skerry_Kernel_Capabilities_Deletion__DeleteOne";
    private const int DeepestDeletion = 3;

    /// <summary>Counted apart; the descent overflows the stack because a test asks for it.</summary>
    private static readonly HashSet<string> _countedApart =
    [
        Failure,
        Deletion,
        "Skerry_Kernel_Skerry_Kernel_Startup_Deliberate__Descend",
    ];

    private static readonly HashSet<string> _nothing = [];

    /// <summary>
    /// A failed check is reported on the stack it happened on. So is a fault, whose report may fail a check itself, which
    /// then stops at once.
    /// </summary>
    [Theory]
    [InlineData("KernelEntry")]
    [InlineData("SystemCallEntry")]
    [InlineData("SystemCallEntryTraced")]
    [InlineData("TrapCommon")]
    [InlineData("TrapCommonTraced")]
    [InlineData("TrapCritical")]
    [InlineData("SystemCallEntryMitigated")]
    [InlineData("TrapCommonMitigated")]
    [InlineData("TrapCriticalMitigated")]
    public void TheKernelStackSuffices(string door)
    {
        var bound = new StackBound(ImageFiles.Code("kernel"), _countedApart);
        int bytes =
            bound.Of(door)
            + DeepestDeletion * bound.Of(Deletion)
            + 2 * bound.Of(Failure)
            + bound.Of(EntryPoints.TrapsFromKernel);
        FindingAssert.None(bound.Findings);
        Assert.InRange(bytes, 1, StackBytes);
    }

    [Fact]
    public void DepthsOfCallsAddUp()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Outer",
                (a, target) =>
                {
                    a.push(rbx);
                    a.sub(rsp, 32);
                    a.call(target("Inner"));
                    a.add(rsp, 32);
                    a.pop(rbx);
                    a.ret();
                }
            )
            .Routine(
                "Inner",
                a =>
                {
                    a.sub(rsp, 1024);
                    a.add(rsp, 1024);
                    a.ret();
                }
            )
            .Build();
        var bound = new StackBound(code, _nothing);
        Assert.Equal(8 + 32 + 8 + 1024, bound.Of("Outer"));
        Assert.Empty(bound.Findings);
    }

    [Fact]
    public void RecursionIsSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Even",
                (a, target) =>
                {
                    a.call(target("Odd"));
                    a.ret();
                }
            )
            .Routine(
                "Odd",
                (a, target) =>
                {
                    a.call(target("Even"));
                    a.ret();
                }
            )
            .Build();
        var bound = new StackBound(code, _nothing);
        bound.Of("Even");
        FindingAssert.Single("calls itself", bound.Findings);
    }

    [Fact]
    public void AnIndirectCallIsSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Caller",
                a =>
                {
                    a.call(rax);
                    a.ret();
                }
            )
            .Build();
        var bound = new StackBound(code, _nothing);
        bound.Of("Caller");
        FindingAssert.Single("cannot be followed", bound.Findings);
    }

    [Fact]
    public void AFrameOfUnknownSizeIsSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Buffer",
                a =>
                {
                    a.xor(rsp, rax);
                    a.ret();
                }
            )
            .Build();
        var bound = new StackBound(code, _nothing);
        bound.Of("Buffer");
        FindingAssert.Single("the stack pointer cannot be followed", bound.Findings);
    }
}
