using System;
using System.Buffers.Binary;
using System.Linq;
using Skerry.Boot.Acpi;
using Skerry.Boot.Clocks;
using Skerry.Boot.Clusters;
using Skerry.Boot.Warnings;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>Where HPET, FADT and CPUID say that clocks are.</summary>
public sealed class ClockTablesTests
{
    private const ulong LocalApic = 0xfee0_0000;

    [Fact]
    public void TheHpetLiesInMemory()
    {
        byte[] table = Table("HPET", 56, (44, 0xfed0_0000));
        Assert.Equal(TableStatus.Valid, ReadHpet(table, out ulong address));
        Assert.Equal(0xfed0_0000ul, address);
        table[40] = 1;
        Assert.Equal(TableStatus.Valid, ReadHpet(TableFile.Sealed(table), out address));
        Assert.Equal(0ul, address);
    }

    [Theory]
    [InlineData(0x608, 0, 0, 4, 0, 0x608)]
    [InlineData(0x608, 1, 0x700, 4, 0, 0x608)]
    [InlineData(0, 1, 0x700, 4, 0, 0x700)]
    [InlineData(0, 0, 0x700, 4, 0, 0)]
    [InlineData(0, 1, 0x1_0000, 4, 0, 0)]
    [InlineData(0x608, 0, 0, 0, 0, 0)]
    [InlineData(0x608, 0, 0, 4, 1 << 20, 0)]
    public void TheAcpiTimerHasAPort(uint first, byte space, uint extended, byte length, uint flags, ushort expected)
    {
        byte[] table = Table("FACP", 244, (76, first), (112, flags), (212, extended));
        (table[91], table[208]) = (length, space);
        Assert.Equal(TableStatus.Valid, ReadAcpiTimer(TableFile.Sealed(table), out ushort port));
        Assert.Equal(expected, port);
    }

    /// <summary>The main counter is the last that is read, 0xf0 behind the first.</summary>
    [Theory]
    [InlineData(0xffff_fffc)]
    [InlineData(0xffff_ff80)]
    [InlineData(0x1_0000_0000)]
    [InlineData(ulong.MaxValue)]
    public void AnHpetOutOfReachIsWarnedOf(ulong place)
    {
        byte[] table = Table("HPET", 56, (44, (uint)place), (48, (uint)(place >> 32)));
        var warnings = new WarningList();
        Assert.Equal(TableStatus.Valid, ClockTables.ReadHpet(table, [], LocalApic, ref warnings, out ulong address));
        Assert.Equal(0ul, address);
        Warning warning = Assert.Single(warnings.Kept.ToArray());
        Assert.Equal((WarningReason.OutOfReach, place), (warning.Reason, warning.Detail));
    }

    /// <summary>It is turned on by a write.</summary>
    [Theory]
    [InlineData(0x10_0000, true)]
    [InlineData(0xf_fc01, true)]
    [InlineData(0x20_0000 - 4, true)]
    [InlineData(0xf_fc00, false)]
    [InlineData(0x20_0000, false)]
    [InlineData(LocalApic, true)]
    [InlineData(LocalApic - 0x3ff, true)]
    [InlineData(LocalApic + 0xfff, true)]
    [InlineData(LocalApic + 0x1000, false)]
    public void AnHpetOverMemoryOrTheLocalApicIsNotUsed(ulong place, bool isOver)
    {
        byte[] table = Table("HPET", 56, (44, (uint)place));
        var warnings = new WarningList();
        byte[] memory = MemoryMapReaderTests.Map((0x10_0000, 0x10_0000, 1), (0xe_0000, 0x2_0000, 2));
        ClockTables.ReadHpet(table, memory, LocalApic, ref warnings, out ulong address);
        Assert.Equal(isOver ? 0 : place, address);
        Assert.Equal(isOver ? [(WarningReason.LiesElsewhere, place)] : [], Kept(ref warnings));
    }

    /// <summary>What begins with a timer is one; of what is shorter nothing can be read.</summary>
    [Theory]
    [InlineData(8, 0x608)]
    [InlineData(255, 0x608)]
    [InlineData(3, 0)]
    public void AnAcpiTimerOfAnotherLengthIsWarnedOf(byte length, ushort expected)
    {
        byte[] table = Table("FACP", 116, (76, 0x608));
        table[91] = length;
        var warnings = new WarningList();
        TableStatus status = ClockTables.ReadAcpiTimer(TableFile.Sealed(table), ref warnings, out ushort port);
        Assert.Equal((TableStatus.Valid, expected), (status, port));
        Warning warning = Assert.Single(warnings.Kept.ToArray());
        Assert.Equal((WarningSource.AcpiTimer, WarningReason.BadLength), (warning.Source, warning.Reason));
    }

    [Fact]
    public void AShortTableOfTheFirstRevisionIsRead()
    {
        byte[] table = Table("FACP", 116, (76, 0x608));
        table[91] = 4;
        Assert.Equal(TableStatus.Valid, ReadAcpiTimer(TableFile.Sealed(table), out ushort port));
        Assert.Equal(0x608, port);
    }

    [Fact]
    public void BrokenTablesNameNothing()
    {
        Assert.Equal(TableStatus.Missing, ReadHpet(default, out _));
        Assert.Equal(TableStatus.Missing, ReadAcpiTimer(default, out _));
        Assert.Equal(TableStatus.TooShort, ReadHpet(Table("HPET", 55), out _));
        Assert.Equal(TableStatus.TooShort, ReadAcpiTimer(Table("FACP", 115), out _));
        byte[] table = Table("FACP", 116, (76, 0x608));
        table[91] = 4;
        Assert.Equal(TableStatus.BadChecksum, ReadAcpiTimer(table, out ushort port));
        Assert.Equal(0, port);
    }

    [Theory]
    // Leaf 0: largest; 0x15: denominator, numerator, crystal; 0x16: MHz.
    [InlineData(0x16, 2, 216, 24_000_000, 2600, 2_592_000_000)]
    [InlineData(0x16, 2, 216, 0, 2600, 2_600_000_000)]
    [InlineData(0x15, 2, 216, 0, 2600, 0)]
    [InlineData(0x16, 0, 0, 0, 2600, 0)]
    [InlineData(0x14, 2, 216, 24_000_000, 2600, 0)]
    public void CpuidTellsTheSpeed(
        uint largest,
        uint denominator,
        uint numerator,
        uint crystal,
        uint mhz,
        ulong expected
    )
    {
        PlayedCpuid.Set(
            largest,
            new CpuidRegisters
            {
                Eax = denominator,
                Ebx = numerator,
                Ecx = crystal,
            },
            new CpuidRegisters { Eax = mhz }
        );
        Assert.Equal(expected != 0, CpuidClock<PlayedCpuid>.Find(out ReferenceClock clock));
        Assert.Equal(expected, clock.Hertz);
    }

    private static (WarningReason, ulong)[] Kept(ref WarningList warnings) =>
        [.. warnings.Kept.ToArray().Select(warning => (warning.Reason, warning.Detail))];

    private static TableStatus ReadHpet(ReadOnlySpan<byte> table, out ulong address)
    {
        var warnings = new WarningList();
        TableStatus status = ClockTables.ReadHpet(table, [], LocalApic, ref warnings, out address);
        Assert.Equal(0, warnings.Count);
        return status;
    }

    private static TableStatus ReadAcpiTimer(ReadOnlySpan<byte> table, out ushort port)
    {
        var warnings = new WarningList();
        TableStatus status = ClockTables.ReadAcpiTimer(table, ref warnings, out port);
        Assert.Equal(0, warnings.Count);
        return status;
    }

    private static byte[] Table(string signature, int length, params (int Offset, uint Value)[] words)
    {
        byte[] body = new byte[length - 36];
        foreach ((int offset, uint value) in words)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(offset - 36), value);
        }
        return TableFile.Make(signature, body);
    }

    private readonly struct PlayedCpuid : ICpuid
    {
        [ThreadStatic]
        private static uint playedLargest;

        [ThreadStatic]
        private static CpuidRegisters playedCrystal;

        [ThreadStatic]
        private static CpuidRegisters playedFrequency;

        public static void Set(uint largest, CpuidRegisters crystal, CpuidRegisters frequency) =>
            (playedLargest, playedCrystal, playedFrequency) = (largest, crystal, frequency);

        public static CpuidRegisters Read(uint leaf, uint subleaf) =>
            leaf switch
            {
                0 => new CpuidRegisters { Eax = playedLargest },
                0x15 => playedCrystal,
                0x16 => playedFrequency,
                _ => default,
            };
    }
}
