using System.Collections.Generic;
using System.Linq;
using Skerry.Kernel.Layout;
using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Code;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Tests.Image;

public sealed class TraceTests
{
    /// <summary>Entries and exits; TrapCritical never returns to a user.</summary>
    private static readonly string[] _doors =
    [
        "SystemCallEntry",
        "Resume",
        "ResumeThread",
        "SwitchAndResume",
        "TrapCommon",
        "TrapCritical",
        .. Enumerable.Range(0, 256).Select(vector => $"Vector{vector}"),
    ];

    /// <summary>
    /// Where users enter. Those of NMI, double fault and machine check end in a panic; a debug exception (vector 1) goes on
    /// through TrapCommon, unless it struck the kernel's first instruction, which is no entry.
    /// </summary>
    private static IEnumerable<string> Entries =>
        DoorNames.Traced([
            "SystemCallEntry",
            "SystemCallEntryDebugged",
            .. Enumerable.Range(0, 256).Where(vector => vector != Vectors.Debug).Select(vector => $"Vector{vector}"),
        ]);

    [Fact]
    public void ThePlainDoorsKnowNothingOfIt() =>
        FindingAssert.None(TraceCheck.Plain(ImageFiles.Code("kernel"), DoorNames.Untraced(_doors)));

    [Fact]
    public void TheTracedDoorsDo() =>
        Assert.NotEmpty(TraceCheck.Plain(ImageFiles.Code("kernel"), DoorNames.Traced(_doors)));

    [Fact]
    public void EveryPathThroughTheTracedDoorsHasOneRecord() =>
        FindingAssert.None(TraceCheck.Traced(ImageFiles.Code("kernel"), Entries));

    [Fact]
    public void APlainDoorHasNone() =>
        Assert.NotEmpty(TraceCheck.Traced(ImageFiles.Code("kernel"), ["SystemCallEntry"]));

    [Fact]
    public void APathWithoutARecordIsSeen() =>
        FindingAssert.Single("0 records", TraceCheck.Traced(Door(0, started: true), ["Door"]));

    [Fact]
    public void APathWithTwoIsSeen() =>
        FindingAssert.Single("a second record", TraceCheck.Traced(Door(2, started: true), ["Door"]));

    [Fact]
    public void ARecordOfAnEntryThatWasNotTimedIsSeen() =>
        FindingAssert.Single("1 records, started: False", TraceCheck.Traced(Door(1, started: false), ["Door"]));

    [Fact]
    public void AGoodPathIsNot() => FindingAssert.None(TraceCheck.Traced(Door(1, started: true), ["Door"]));

    private static MachineCode Door(int records, bool started) =>
        new CodeBuilder()
            .Routine(
                "Door",
                (a, target) =>
                {
                    if (started)
                    {
                        a.mov(__qword_ptr.gs[CpuLayout.TraceStart], rdx);
                    }
                    for (int i = 0; i < records; i++)
                    {
                        a.call(target(EntryPoints.TraceRecorderFastSwitch));
                    }
                    a.sysretq();
                }
            )
            .Routine(EntryPoints.TraceRecorderFastSwitch, a => a.ret())
            .Build();
}
