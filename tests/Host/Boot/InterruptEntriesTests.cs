using System;
using System.Linq;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Boot.Acpi;
using Skerry.Boot.Warnings;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>What the MADT says about interrupts of devices.</summary>
public sealed class InterruptEntriesTests
{
    private static InterruptSources Read(byte[] table, out WarningList warnings)
    {
        var cpus = new CpuTable();
        warnings = new WarningList();
        Assert.Equal(TableStatus.Valid, MadtReader.Read(table, ref cpus, ref warnings));
        return cpus.Interrupts;
    }

    private static InterruptSources Read(params byte[][] entries) =>
        Read(TableFile.Make("APIC", [new byte[8], .. entries]), out _);

    /// <summary>QEMU's q35: one I/O APIC; the timer at input 2, and the interrupts that PCI shares are level-triggered.</summary>
    [Theory]
    [InlineData("4x4")]
    [InlineData("8x10")]
    [InlineData("many")]
    [InlineData("gaps")]
    [InlineData("memoryless-node")]
    public void ReadsTheSourcesOfAMachine(string machine)
    {
        InterruptSources sources = Read(TableFile.Read(machine, "APIC"), out WarningList warnings);
        Assert.Equal(0, warnings.Count);
        Assert.Equal(1u, sources.IoApicCount);
        Assert.Equal((0xfec0_0000ul, 0u), (sources.IoApics[0].PhysicalAddress, sources.IoApics[0].FirstInterrupt));
        Assert.Equal((2u, InterruptFlags.None), (sources.OfIsa(0).Interrupt, sources.OfIsa(0).Flags));
        Assert.Equal((4u, InterruptFlags.None), (sources.OfIsa(4).Interrupt, sources.OfIsa(4).Flags));
        foreach (uint shared in new uint[] { 5, 9, 10, 11 })
        {
            Assert.Equal(
                (shared, InterruptFlags.Level),
                (sources.OfIsa(shared).Interrupt, sources.OfIsa(shared).Flags)
            );
        }
    }

    [Fact]
    public void ReadsEachIoApicAndEachFlag()
    {
        InterruptSources sources = Read(
            [1, 12, 9, 0, 0, 0, 0xc0, 0xfe, 0, 0, 0, 0],
            [1, 12, 10, 0, 0, 0x14, 0xc0, 0xfe, 24, 0, 0, 0],
            [2, 10, 0, 9, 30, 0, 0, 0, 0x0f, 0],
            [2, 10, 0, 1, 1, 0, 0, 0, 0x05, 0],
            [2, 10, 0, 6, 7, 0, 0, 0, 0x03, 0]
        );
        Assert.Equal(2u, sources.IoApicCount);
        Assert.Equal((0xfec0_1400ul, 24u), (sources.IoApics[1].PhysicalAddress, sources.IoApics[1].FirstInterrupt));
        Assert.Equal((30u, InterruptFlags.All), (sources.OfIsa(9).Interrupt, sources.OfIsa(9).Flags));
        Assert.Equal((1u, InterruptFlags.None), (sources.OfIsa(1).Interrupt, sources.OfIsa(1).Flags));
        Assert.Equal((7u, InterruptFlags.ActiveLow), (sources.OfIsa(6).Interrupt, sources.OfIsa(6).Flags));
        Assert.Equal((3u, InterruptFlags.None), (sources.OfIsa(3).Interrupt, sources.OfIsa(3).Flags));
    }

    [Fact]
    public void LeavesOutWhatIsBroken()
    {
        byte[] table = TableFile.Make(
            "APIC",
            new byte[8],
            [1, 11, 9, 0, 0, 0, 0xc0, 0xfe, 0, 0, 0],
            [1, 12, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [2, 9, 0, 9, 30, 0, 0, 0, 0x0f],
            [2, 10, 1, 9, 30, 0, 0, 0, 0x0f, 0]
        );
        InterruptSources sources = Read(table, out WarningList warnings);
        Assert.Equal((0u, 0u), (sources.IoApicCount, sources.OverrideCount));
        Assert.Equal(4, warnings.Count);
        Assert.All(warnings.Kept.ToArray(), warning => Assert.Equal(WarningReason.BadEntry, warning.Reason));
    }

    [Fact]
    public void SaysWhenThereAreTooMany()
    {
        byte[] ioApic = [1, 12, 9, 0, 0, 0, 0xc0, 0xfe, 0, 0, 0, 0];
        byte[] route = [2, 10, 0, 9, 30, 0, 0, 0, 0x0f, 0];
        byte[] table = TableFile.Make(
            "APIC",
            [
                new byte[8],
                .. Enumerable.Repeat(ioApic, InterruptSources.MaximumIoApics + 2),
                .. Enumerable.Repeat(route, InterruptSources.MaximumOverrides + 3),
            ]
        );
        InterruptSources sources = Read(table, out WarningList warnings);
        Assert.Equal(
            ((uint)InterruptSources.MaximumIoApics, (uint)InterruptSources.MaximumOverrides),
            (sources.IoApicCount, sources.OverrideCount)
        );
        Assert.Equal(
            [(WarningReason.TooManyIoApics, 2ul), (WarningReason.TooManyOverrides, 3ul)],
            warnings.Kept.ToArray().Select(warning => (warning.Reason, warning.Detail))
        );
    }
}
