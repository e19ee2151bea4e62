using System.Collections.Generic;
using System.IO;
using System.Linq;
using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Code;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Tests.Image;

/// <summary>The cache lines that a call touches, one way (docs/kernel.md).</summary>
public sealed class FastpathLinesTests
{
    private const int LineBytes = 64;

    [Theory]
    [InlineData(EntryPoints.FastpathReplyRecv, FastpathBounds.CallCodeLines)]
    [InlineData(EntryPoints.FastpathCall, FastpathBounds.ReplyRecvCodeLines)]
    public void CodeIsBounded(string other, int bound)
    {
        var elsewhere = new HashSet<string>(DoorNames.BesideMessages) { other };
        int lines = new TouchedLines(ImageFiles.Code("kernel"), Mnemonic.Sysretq, elsewhere).From("SystemCallEntry");
        Assert.InRange(lines, 1, bound);
    }

    /// <summary>
    /// Of thread, endpoint, Reply object and CPU a call touches the first line alone, and of a capability its own; only a
    /// queue of several receivers has its next one's link elsewhere.
    /// </summary>
    [Theory]
    [InlineData(EntryPoints.FastpathCall)]
    [InlineData(EntryPoints.FastpathReplyRecv)]
    public void DataLiesInFirstLines(string routine) =>
        Assert.Empty(BeyondFirstLine(ImageFiles.Code("kernel")[routine]));

    [Fact]
    public void AccessBeyondTheFirstLineIsSeen()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Fast",
                a =>
                {
                    a.mov(rax, __qword_ptr[rdi + LineBytes]);
                    a.ret();
                }
            )
            .Build();
        Assert.Single(BeyondFirstLine(code["Fast"]));
    }

    [Fact]
    public void LinesOfCalledFunctionsCount()
    {
        MachineCode code = new CodeBuilder()
            .Routine(
                "Fast",
                (a, target) =>
                {
                    a.call(target("Other"));
                    a.sysretq();
                }
            )
            .Routine(
                "Other",
                a =>
                {
                    for (int i = 0; i < 2 * LineBytes; i++)
                    {
                        a.nop();
                    }
                    a.ret();
                }
            )
            .Build();
        var lines = new TouchedLines(code, Mnemonic.Sysretq, new HashSet<string>());
        Assert.InRange(lines.From("Fast"), 3, 4);
        var without = new TouchedLines(code, Mnemonic.Sysretq, new HashSet<string> { "Other" });
        Assert.Throws<InvalidDataException>(() => without.From("Fast"));
    }

    private static Instruction[] BeyondFirstLine(Routine routine) =>
        routine
            .Instructions.Where(instruction =>
                instruction.MemoryBase is not (Register.None or Register.RSP or Register.RBP)
                && instruction.MemoryDisplacement64 is >= LineBytes and not ThreadLayout.Previous
            )
            .ToArray();
}
