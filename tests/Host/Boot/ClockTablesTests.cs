using System;
using System.Buffers.Binary;
using Skerry.Boot.Acpi;
using Skerry.Boot.Clocks;
using Skerry.Boot.Clusters;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>Where HPET, FADT and CPUID say that clocks are.</summary>
public sealed class ClockTablesTests
{
    [Fact]
    public void TheHpetLiesInMemory()
    {
        byte[] table = Table("HPET", 56, (44, 0xfed0_0000));
        Assert.Equal(TableStatus.Valid, ClockTables.ReadHpet(table, out ulong address));
        Assert.Equal(0xfed0_0000ul, address);
        table[40] = 1;
        Assert.Equal(TableStatus.Valid, ClockTables.ReadHpet(TableFile.Sealed(table), out address));
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
        Assert.Equal(TableStatus.Valid, ClockTables.ReadAcpiTimer(TableFile.Sealed(table), out ushort port));
        Assert.Equal(expected, port);
    }

    [Fact]
    public void AShortTableOfTheFirstRevisionIsRead()
    {
        byte[] table = Table("FACP", 116, (76, 0x608));
        table[91] = 4;
        Assert.Equal(TableStatus.Valid, ClockTables.ReadAcpiTimer(TableFile.Sealed(table), out ushort port));
        Assert.Equal(0x608, port);
    }

    [Fact]
    public void BrokenTablesNameNothing()
    {
        Assert.Equal(TableStatus.Missing, ClockTables.ReadHpet(default, out _));
        Assert.Equal(TableStatus.Missing, ClockTables.ReadAcpiTimer(default, out _));
        Assert.Equal(TableStatus.TooShort, ClockTables.ReadHpet(Table("HPET", 55), out _));
        Assert.Equal(TableStatus.TooShort, ClockTables.ReadAcpiTimer(Table("FACP", 115), out _));
        byte[] table = Table("FACP", 116, (76, 0x608));
        table[91] = 4;
        Assert.Equal(TableStatus.BadChecksum, ClockTables.ReadAcpiTimer(table, out ushort port));
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
