using System;
using System.Buffers.Binary;
using System.Linq;
using Skerry.Abi.Boot;
using Skerry.Boot.Interrupts;
using Skerry.Boot.Memory;
using Skerry.Boot.Warnings;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>An I/O APIC that can't be one is left out, before anything is written where it should be.</summary>
public sealed class IoApicPlacesTests
{
    private const ulong LocalApic = 0xfee0_0000;

    private static readonly byte[] _memoryMap =
    [
        .. Entry(0, 0x9_fc00, 1),
        .. Entry(0xf_0000, 0x1_0000, 2),
        .. Entry(0x10_0000, 0x700_0000, 1),
        .. Entry(0x710_0000, 0x1000, 3),
        .. Entry(0x710_1000, 0x1000, 4),
        .. Entry(0xfec0_0000, 0x1000, 2),
    ];

    /// <summary>Firmware may list the registers as reserved, or not at all.</summary>
    [Theory]
    [InlineData(0xfec0_0000, null)]
    [InlineData(0xfec1_0000, null)]
    [InlineData(0xffff_ffec, null)]
    [InlineData(0x20_0000, WarningReason.IoApicElsewhere)]
    [InlineData(0x1000, WarningReason.IoApicElsewhere)]
    [InlineData(0xf_fff0, WarningReason.IoApicElsewhere)]
    [InlineData(0x710_0ff0, WarningReason.IoApicElsewhere)]
    [InlineData(0x710_1800, WarningReason.IoApicElsewhere)]
    [InlineData(0xfee0_0000, WarningReason.IoApicElsewhere)]
    [InlineData(0xfedf_fff0, WarningReason.IoApicElsewhere)]
    [InlineData(0xffff_fff0, WarningReason.IoApicElsewhere)]
    [InlineData(0xfec0_1000, WarningReason.DuplicateIoApic)]
    [InlineData(0xfec0_1010, WarningReason.DuplicateIoApic)]
    public void APlaceIsItsOwn(ulong address, WarningReason? reason)
    {
        var taken = new InterruptSources();
        var warnings = new WarningList();
        IoApicPlaces.Add(IoApic(0xfec0_1000, 0, 24), ref taken, ref warnings);
        IoApicDescription named = IoApic(address, 24, 0);
        Assert.Equal(reason is null, IoApicPlaces.MayBe(named, ref taken, _memoryMap, LocalApic, ref warnings));
        Assert.Equal(
            reason is null ? [] : [(reason.Value, address)],
            warnings.Kept.ToArray().Select(warning => (warning.Reason, warning.Detail))
        );
    }

    [Theory]
    [InlineData(24, 24, null)]
    [InlineData(24, 0, WarningReason.NoIoApic)]
    [InlineData(0, 24, WarningReason.InterruptsOfAnother)]
    [InlineData(23, 1, WarningReason.InterruptsOfAnother)]
    [InlineData(uint.MaxValue, 24, null)]
    public void ItsInterruptsAreItsOwn(uint first, uint inputs, WarningReason? reason)
    {
        var taken = new InterruptSources();
        var warnings = new WarningList();
        IoApicPlaces.Add(IoApic(0xfec0_0000, 0, 24), ref taken, ref warnings);
        IoApicPlaces.Add(IoApic(0xfec0_1000, first, inputs), ref taken, ref warnings);
        Assert.Equal(reason is null ? 2u : 1u, taken.IoApicCount);
        Assert.Equal(
            reason is null ? [] : [(reason.Value, 0xfec0_1000ul)],
            warnings.Kept.ToArray().Select(warning => (warning.Reason, warning.Detail))
        );
    }

    private static IoApicDescription IoApic(ulong address, uint first, uint inputs) =>
        new()
        {
            PhysicalAddress = address,
            FirstInterrupt = first,
            InputCount = inputs,
        };

    private static byte[] Entry(ulong start, ulong bytes, uint type)
    {
        byte[] entry = new byte[MemoryMapReader.EntryBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(entry, start);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(8), bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(16), type);
        return entry;
    }
}
