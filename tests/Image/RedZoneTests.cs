using System.Linq;
using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Code;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Tests.Image;

public sealed class RedZoneTests
{
    public static TheoryData<string> All => ImageFiles.All;

    [Theory]
    [MemberData(nameof(All))]
    public void NothingBelowTheStackPointerIsTouched(string name) =>
        FindingAssert.None(
            ImageFiles
                .Code(name)
                .Routines.SelectMany(routine => StackWalk.Of(routine).Findings)
                .Where(finding => finding.Reason.StartsWith("access below"))
                .ToArray()
        );

    [Fact]
    public void AnAccessBelowRspIsSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Leaf",
                a =>
                {
                    a.mov(__qword_ptr[rsp - 8], rdi);
                    a.ret();
                }
            )
            .Build();
        FindingAssert.Single("access below rsp", StackWalk.Of(code["Leaf"]).Findings);
    }

    [Fact]
    public void AnAccessBelowRspThroughTheFramePointerIsSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Leaf",
                a =>
                {
                    a.push(rbp);
                    a.mov(rbp, rsp);
                    a.mov(__qword_ptr[rbp - 8], rdi);
                    a.pop(rbp);
                    a.ret();
                }
            )
            .Build();
        FindingAssert.Single("access below rsp", StackWalk.Of(code["Leaf"]).Findings);
    }

    [Fact]
    public void AnAccessAfterTheFrameWasGivenBackIsSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Leaf",
                a =>
                {
                    a.push(rbp);
                    a.sub(rsp, 16);
                    a.lea(rbp, __[rsp + 16]);
                    a.mov(__qword_ptr[rbp - 16], rdi);
                    a.add(rsp, 16);
                    a.mov(rax, __qword_ptr[rbp - 16]);
                    a.pop(rbp);
                    a.ret();
                }
            )
            .Build();
        FindingAssert.Single("access below rsp", StackWalk.Of(code["Leaf"]).Findings);
    }
}
