using System;
using System.Buffers.Binary;
using System.Linq;
using System.Runtime.InteropServices;
using Skerry.Boot.Acpi;
using Skerry.Boot.Console;
using Skerry.Boot.Memory;
using Skerry.Boot.Warnings;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>Tables in a buffer that stands for the memory at 0x7000_0000, and a list of them.</summary>
public sealed unsafe class TableMemoryTests : IDisposable
{
    private const ulong Base = 0x7000_0000;
    private const int Apart = 0x1000;

    private readonly byte* _buffer = (byte*)NativeMemory.AllocZeroed(8 * Apart);

    public void Dispose() => NativeMemory.Free(_buffer);

    [Theory]
    [InlineData("APIC", WarningSource.Madt, "MADT")]
    [InlineData("SRAT", WarningSource.Srat, "SRAT")]
    [InlineData("SLIT", WarningSource.Slit, "SLIT")]
    [InlineData("HMAT", WarningSource.Hmat, "HMAT")]
    public void OfSeveralTablesTheFirstIsUsedAndThatIsSaid(string signature, WarningSource source, string name)
    {
        byte[] first = TableFile.Make(signature, [1, 2, 3]);
        Assert.Equal(first, Find(signature, source, out string[] lines, Other, first, TableFile.Make(signature, [4])));
        Assert.Equal([$"warning: {name}: is there more than once; the first is used (tables 0x2)"], lines);
    }

    /// <summary>The first page is not mapped any more when these are read.</summary>
    [Theory]
    [InlineData(0x4)]
    [InlineData(0x58)]
    [InlineData(0xfff)]
    public void NoTableLiesInTheFirstPage(ulong address) =>
        Assert.True(new TableMemory(new PhysicalMemory(_buffer, 0)).At(address).IsEmpty);

    [Fact]
    public void OneTableIsNoneTooMany()
    {
        byte[] first = TableFile.Make("SRAT", [1]);
        Assert.Equal(first, Find("SRAT", WarningSource.Srat, out string[] lines, first, Other, Other));
        Assert.Empty(lines);
        Assert.Empty(Find("SLIT", WarningSource.Slit, out lines, first, Other));
        Assert.Empty(lines);
    }

    /// <summary>All tables are missing then, and it is said why.</summary>
    [Theory]
    [InlineData(0, 0, "RSDP: names no table")]
    [InlineData(0, uint.MaxValue, "RSDT: is missing")]
    [InlineData(2, uint.MaxValue, "XSDT: is missing")]
    [InlineData(0, Base, "RSDT: names no table")]
    [InlineData(2, Base, "XSDT: names no table")]
    public void WhoListsNoTableIsNamed(byte revision, ulong address, string line)
    {
        Assert.Equal(0, Open(revision, address, [], out string[] lines));
        Assert.Equal([$"warning: {line}"], lines);
    }

    /// <summary>The tables that are missing then are not to blame.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(0xfff)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1ul << 32)]
    public void AnEntryThatLeadsNowhereIsTold(ulong entry)
    {
        byte[] entries = new byte[3 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(entries, Base);
        BinaryPrimitives.WriteUInt64LittleEndian(entries.AsSpan(8), entry);
        BinaryPrimitives.WriteUInt64LittleEndian(entries.AsSpan(16), Base);
        Assert.Equal(3, Open(2, Base, entries, out string[] lines));
        Assert.Equal(["warning: XSDT: has a broken entry (at offset 0x2c)"], lines);
    }

    private int Open(byte revision, ulong address, byte[] entries, out string[] lines)
    {
        byte[] pointer = new byte[RootPointer.ExtendedLength];
        "RSD PTR "u8.CopyTo(pointer);
        (pointer[15], pointer[20]) = (revision, (byte)pointer.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(pointer.AsSpan(revision == 0 ? 16 : 24), address & uint.MaxValue);
        pointer.AsSpan(20, revision == 0 ? 16 : 0).Clear();
        pointer[8] = (byte)-TableHeader.Sum(pointer.AsSpan(0, RootPointer.FirstLength));
        pointer[32] = (byte)-TableHeader.Sum(pointer);
        TableFile.Make(revision == 0 ? "RSDT" : "XSDT", entries).CopyTo(new Span<byte>(_buffer, Apart));
        var warnings = new WarningList();
        int count = new TableMemory(new PhysicalMemory(_buffer, Base)).OpenRoot(pointer, ref warnings).Count;
        BufferConsole.Clear();
        WarningLines<BufferConsole>.Write(ref warnings, default);
        lines = BufferConsole.Lines();
        return count;
    }

    private static byte[] Other => TableFile.Make("WAET", [9]);

    private byte[] Find(string signature, WarningSource source, out string[] lines, params byte[][] tables)
    {
        byte[] addresses = new byte[8 * tables.Length];
        for (int i = 0; i < tables.Length; i++)
        {
            tables[i].CopyTo(new Span<byte>(_buffer + i * Apart, Apart));
            BinaryPrimitives.WriteUInt64LittleEndian(addresses.AsSpan(8 * i), Base + (ulong)(i * Apart));
        }
        Assert.Equal(TableStatus.Valid, RootTable.ReadXsdt(TableFile.Make("XSDT", addresses), out RootTable root));
        var warnings = new WarningList();
        var memory = new TableMemory(new PhysicalMemory(_buffer, Base));
        byte[] found = memory
            .Find(root, System.Text.Encoding.ASCII.GetBytes(signature), source, ref warnings)
            .ToArray();
        BufferConsole.Clear();
        WarningLines<BufferConsole>.Write(ref warnings, default);
        lines = [.. BufferConsole.Lines().Order()];
        return found;
    }
}
