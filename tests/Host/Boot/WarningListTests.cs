using System.Linq;
using Skerry.Boot.Console;
using Skerry.Boot.Warnings;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>However often something is wrong, the list says what, and has room for what is wrong else.</summary>
public sealed class WarningListTests
{
    [Fact]
    public void BytesOfOneKindAreOneLine()
    {
        var warnings = new WarningList();
        for (ulong i = 0; i < 200; i++)
        {
            warnings.Add(WarningSource.Srat, WarningReason.UnnamedMemory, 0x1000);
        }
        warnings.Add(WarningSource.Memory, WarningReason.PiecesLost, 0x3000, things: 3);
        Assert.Equal(
            [
                "warning: SRAT: does not name the node of some memory; it goes to the first (bytes 0xc8000 in 200 pieces)",
                "warning: memory map: has its memory in more pieces than there is room for; some are left out "
                    + "(bytes 0x3000 in 3 pieces)",
            ],
            Lines(ref warnings)
        );
        Assert.Equal(2, warnings.Count);
    }

    [Fact]
    public void WhatIsLeftOutIsCountedOnce()
    {
        var warnings = new WarningList();
        warnings.Add(WarningSource.Madt, WarningReason.TooManyIoApics, 1);
        warnings.Add(WarningSource.Madt, WarningReason.TooManyIoApics, 1);
        Assert.Equal(
            ["warning: MADT: names more I/O APICs than there is room for; some are left out (entries 0x2)"],
            Lines(ref warnings)
        );
    }

    [Fact]
    public void OneKindDoesNotHideAnother()
    {
        var warnings = new WarningList();
        for (ulong id = 0; id < 300; id++)
        {
            warnings.Add(WarningSource.Cpu, WarningReason.NoAnswer, id);
        }
        warnings.Add(WarningSource.Slit, WarningReason.Missing);
        string[] lines = Lines(ref warnings);
        Assert.Equal(WarningList.OfOneKind + 1, lines.Length);
        Assert.Equal("warning: CPU: does not answer; it is left out (APIC id 0x0)", lines[0]);
        Assert.Equal("warning: CPU: does not answer; it is left out (APIC id 0x7, and 292 more)", lines[^2]);
        Assert.Equal("warning: SLIT: is missing", lines[^1]);
        Assert.Equal(WarningList.OfOneKind + 1, warnings.Count);
    }

    [Fact]
    public void WhatThereIsNoLineForIsCounted()
    {
        var warnings = new WarningList();
        foreach (WarningReason reason in System.Enum.GetValues<WarningReason>().Where(IsOfTables))
        {
            for (ulong i = 0; i < WarningList.OfOneKind; i++)
            {
                warnings.Add(WarningSource.Hmat, reason, i);
            }
        }
        Assert.Equal(WarningList.Capacity, warnings.Kept.Length);
        warnings.Add(WarningSource.Slit, WarningReason.Missing);
        Assert.Equal("warning: and 1 more", Lines(ref warnings)[^1]);
        Assert.Equal(1, warnings.Untold);
        warnings.Add(WarningSource.Slit, WarningReason.TooShort);
        Assert.Equal(Lines(ref warnings).Length, warnings.Count);
    }

    private static bool IsOfTables(WarningReason reason) => reason < WarningReason.UnnamedMemory;

    private static string[] Lines(ref WarningList warnings)
    {
        BufferConsole.Clear();
        WarningLines<BufferConsole>.Write(ref warnings, default);
        return BufferConsole.Lines();
    }
}
