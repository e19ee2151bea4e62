using System;
using System.Linq;
using Skerry.Boot.Acpi;
using Skerry.Boot.Warnings;
using Xunit;

namespace Skerry.Tests.Host.Boot;

public sealed class MadtReaderTests
{
    private const ulong QemuLocalApic = 0xfee0_0000;

    [Theory]
    [InlineData("4x4", 16)]
    [InlineData("8x10", 80)]
    [InlineData("many", 255)]
    [InlineData("more-nodes-than-cpus", 2)]
    public void ReadsTheCpusOfAMachine(string machine, int count)
    {
        var cpus = new CpuTable();
        var warnings = new WarningList();
        Assert.Equal(TableStatus.Valid, MadtReader.Read(TableFile.Read(machine, "APIC"), ref cpus, ref warnings));
        Assert.Equal(count, cpus.Count);
        Assert.Equal(QemuLocalApic, cpus.LocalApic);
        Assert.Equal(0, warnings.Count);
        Assert.True(cpus.Contains(0));
        Assert.False(cpus.Contains(255));
    }

    [Fact]
    public void KeepsGapsBetweenApicIds()
    {
        var cpus = new CpuTable();
        var warnings = new WarningList();
        MadtReader.Read(TableFile.Read("gaps", "APIC"), ref cpus, ref warnings);
        Assert.Equal(
            [0u, 1u, 2u, 4u, 5u, 6u],
            Enumerable.Range(0, 256).Select(i => (uint)i).Where(i => cpus.Contains(i))
        );
    }

    [Fact]
    public void RefusesAWrongChecksum()
    {
        byte[] table = TableFile.Read("4x4", "APIC");
        table[^1] ^= 1;
        Assert.Equal(TableStatus.BadChecksum, Status(table));
    }

    [Fact]
    public void RefusesWhatIsNotWhole()
    {
        byte[] table = TableFile.Read("4x4", "APIC");
        Assert.Equal(TableStatus.Missing, Status([]));
        Assert.Equal(TableStatus.TooShort, Status(table[..35]));
        Assert.Equal(TableStatus.BadLength, Status(table[..^1]));
        Assert.Equal(TableStatus.TooShort, Status(TableFile.Shortened(table, 40)));
        Assert.Equal(TableStatus.BadSignature, Status(TableFile.Read("4x4", "SRAT")));
    }

    [Fact]
    public void KeepsTheCpusBeforeABrokenEntry()
    {
        byte[] table = TableFile.Read("4x4", "APIC");
        // The third CPU's entry says that it has no bytes, as a zeroed one would.
        table[44 + 2 * 8 + 1] = 0;
        var cpus = new CpuTable();
        var warnings = new WarningList();
        Assert.Equal(TableStatus.Valid, MadtReader.Read(TableFile.Sealed(table), ref cpus, ref warnings));
        Assert.Equal(2, cpus.Count);
        AssertOnly(ref warnings, WarningReason.BadEntry, 44 + 2 * 8);
    }

    [Fact]
    public void LeavesOutWhatIsDisabledOrOutOfReach()
    {
        byte[] table = TableFile.Make(
            "APIC",
            new byte[8],
            [0, 8, 0, 1, 1, 0, 0, 0],
            [0, 8, 1, 2, 0, 0, 0, 0],
            [9, 16, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0],
            [9, 16, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0]
        );
        var cpus = new CpuTable();
        var warnings = new WarningList();
        MadtReader.Read(table, ref cpus, ref warnings);
        Assert.Equal(2, cpus.Count);
        Assert.True(cpus.Contains(1) && cpus.Contains(3));
        AssertOnly(ref warnings, WarningReason.ApicIdTooLarge, 256);
    }

    [Fact]
    public void InX2ApicModeIdsHave32Bits()
    {
        byte[] table = TableFile.Make(
            "APIC",
            new byte[8],
            [9, 16, 0, 0, 0xfe, 0xff, 0xff, 0xff, 1, 0, 0, 0, 3, 0, 0, 0],
            [9, 16, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 4, 0, 0, 0],
            [9, 16, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0]
        );
        var cpus = new CpuTable { HasWideIds = true };
        var warnings = new WarningList();
        MadtReader.Read(table, ref cpus, ref warnings);
        Assert.Equal(2, cpus.Count);
        Assert.True(cpus.Contains(256) && cpus.Contains(0xffff_fffe));
        AssertOnly(ref warnings, WarningReason.ApicIdTooLarge, 0xffff_ffff);
    }

    [Fact]
    public void MoreCpusThanThereIsRoomForAreCountedAndTheBootCpuHasItsPlace()
    {
        const uint bootApicId = 5000;
        const int tooMany = 6;
        byte[][] entries = new byte[ApicIdMap.Capacity + tooMany][];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = [9, 16, 0, 0, (byte)i, (byte)(i >> 8), 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        }
        entries[^1] = [9, 16, 0, 0, (byte)(bootApicId & 0xff), (byte)(bootApicId >> 8), 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        var cpus = new CpuTable { HasWideIds = true };
        var warnings = new WarningList();
        cpus.Reserve(bootApicId);
        Assert.False(cpus.Contains(bootApicId));
        MadtReader.Read(TableFile.Make("APIC", [new byte[8], .. entries]), ref cpus, ref warnings);
        Assert.True(cpus.Contains(bootApicId));
        Assert.Equal(ApicIdMap.Capacity, cpus.Count);
        AssertOnly(ref warnings, WarningReason.TooManyCpus, tooMany);
    }

    [Fact]
    public void SaysWhenACpuIsNamedTwice()
    {
        byte[] table = TableFile.Make("APIC", new byte[8], [0, 8, 0, 7, 1, 0, 0, 0], [0, 8, 1, 7, 1, 0, 0, 0]);
        var cpus = new CpuTable();
        var warnings = new WarningList();
        MadtReader.Read(table, ref cpus, ref warnings);
        Assert.Equal(1, cpus.Count);
        AssertOnly(ref warnings, WarningReason.DuplicateCpu, 7);
    }

    [Fact]
    public void TakesTheAddressOverride()
    {
        byte[] table = TableFile.Make("APIC", new byte[8], [5, 12, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]);
        var cpus = new CpuTable();
        var warnings = new WarningList();
        MadtReader.Read(table, ref cpus, ref warnings);
        Assert.Equal(0x2_0000_0000ul, cpus.LocalApic);
    }

    private static TableStatus Status(byte[] table)
    {
        var cpus = new CpuTable();
        var warnings = new WarningList();
        return MadtReader.Read(table, ref cpus, ref warnings);
    }

    private static void AssertOnly(ref WarningList warnings, WarningReason reason, ulong detail)
    {
        Warning warning = Assert.Single(warnings.Kept.ToArray());
        Assert.Equal((WarningSource.Madt, reason, detail), (warning.Source, warning.Reason, warning.Detail));
    }
}
