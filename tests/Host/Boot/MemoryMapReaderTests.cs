using System;
using System.Buffers.Binary;
using System.Linq;
using Skerry.Boot.Memory;
using Skerry.Boot.Warnings;
using Xunit;

namespace Skerry.Tests.Host.Boot;

public sealed class MemoryMapReaderTests
{
    private const uint Ram = 1;
    private const uint Reserved = 2;

    [Fact]
    public void TakesWholePagesOfRamAboveOneMebibyte()
    {
        (ulong, ulong)[] usable = Read(
            out _,
            (0, 0x9_fc00, Ram),
            (0x10_0000, 0x70_0800, Ram),
            (0x1_0000_0000, 0x1000_0000, Ram)
        );
        Assert.Equal([(0x10_0000ul, 0x70_0000ul), (0x1_0000_0000ul, 0x1000_0000ul)], usable);
    }

    [Fact]
    public void WhatOverlapsSomethingElseIsNotUsed()
    {
        (ulong, ulong)[] usable = Read(out _, (0x20_0000, 0x1800, Reserved), (0x10_0000, 0x20_0000, Ram));
        Assert.Equal([(0x10_0000ul, 0x10_0000ul), (0x20_2000ul, 0xf_e000ul)], usable);
    }

    [Fact]
    public void AnEntryWithoutAnEndEndsAtTheLastAddress()
    {
        (ulong, ulong)[] usable = Read(out _, (0x10_0000, 0x10_0000, Ram), (0x18_0000, ulong.MaxValue, Reserved));
        Assert.Equal([(0x10_0000ul, 0x8_0000ul)], usable);
    }

    [Fact]
    public void NoMapIsSaid()
    {
        Assert.Empty(Read(out WarningList warnings));
        Assert.Equal(WarningReason.Missing, Assert.Single(warnings.Kept.ToArray()).Reason);
    }

    private static (ulong, ulong)[] Read(
        out WarningList warnings,
        params (ulong Start, ulong Length, uint Type)[] entries
    )
    {
        var usable = new RangeSet();
        warnings = new WarningList();
        MemoryMapReader.Read(Map(entries), ref usable, ref warnings);
        return [.. usable.Ranges.ToArray().Select(range => (range.Base, range.Length))];
    }

    /// <summary>As the start info has it.</summary>
    internal static byte[] Map(params (ulong Start, ulong Length, uint Type)[] entries)
    {
        byte[] map = new byte[entries.Length * MemoryMapReader.EntryBytes];
        for (int i = 0; i < entries.Length; i++)
        {
            Span<byte> entry = map.AsSpan(i * MemoryMapReader.EntryBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(entry, entries[i].Start);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], entries[i].Length);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], entries[i].Type);
        }
        return map;
    }
}
