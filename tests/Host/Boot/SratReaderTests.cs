using System;
using System.Buffers.Binary;
using System.Linq;
using Skerry.Boot.Acpi;
using Skerry.Boot.Memory;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;
using Xunit;

namespace Skerry.Tests.Host.Boot;

public sealed class SratReaderTests
{
    private const ulong Mebi = 1 << 20;

    // Flags of a range: enabled, and hot-pluggable too.
    private const byte Present = 1;
    private const byte Window = 3;
    private const byte NonVolatile = 5;
    private const byte NonVolatileWindow = 7;

    [Fact]
    public void ReadsNodesOfCpusAndMemory()
    {
        AffinityTable affinity = Read(TableFile.Read("4x4", "SRAT"), out WarningList warnings);
        Assert.Equal(0, warnings.Count);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => (uint)i / 4), Domains(ref affinity, 16));
        Assert.Equal([0u, 0, 1, 2, 3], affinity.Memory.ToArray().Select(range => range.Domain));
        Assert.Equal(128 * Mebi, affinity.Memory[2].Length);
        Assert.Equal(AffinityTable.NoDomain, affinity.DomainOf(16));
    }

    [Fact]
    public void ReadsANodeOfSeveralRanges()
    {
        AffinityTable affinity = Read(TableFile.Read("gaps", "SRAT"), out _);
        Assert.Equal(3, affinity.Memory.ToArray().Count(range => range.Domain == 0));
        Assert.Equal(1u, affinity.DomainOf(6));
        Assert.Equal(AffinityTable.NoDomain, affinity.DomainOf(3));
    }

    /// <summary>A range that falls into pieces between others, of which none has room.</summary>
    [Fact]
    public void AllPiecesWithoutRoomAreCounted()
    {
        var affinity = new AffinityTable();
        for (uint i = 0; i < AffinityTable.MaximumRanges; i++)
        {
            affinity.AddMemory(2 * i * Mebi, (2 * i + 1) * Mebi, 0);
        }
        Assert.Equal(AddRangeResult.NoRoom, affinity.AddMemory(0, 2 * AffinityTable.MaximumRanges * Mebi, 1));
        Assert.Equal((ulong)AffinityTable.MaximumRanges * Mebi, affinity.LostBytes);
        Assert.Equal(AffinityTable.MaximumRanges, affinity.LostRanges);
    }

    [Fact]
    public void ANodeWithoutMemoryHasNoRange()
    {
        AffinityTable affinity = Read(TableFile.Read("memoryless-node", "SRAT"), out WarningList warnings);
        Assert.Equal(0, warnings.Count);
        Assert.DoesNotContain(affinity.Memory.ToArray(), range => range.Domain == 1);
        Assert.Equal(1u, affinity.DomainOf(2));
    }

    [Fact]
    public void ReadsX2ApicEntriesAndWideDomains()
    {
        byte[] x2Apic = new byte[24];
        (x2Apic[0], x2Apic[1], x2Apic[8], x2Apic[12]) = (2, 24, 9, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(x2Apic.AsSpan(4), 0x0102_0304);
        byte[] apic = [0, 16, 0x04, 8, 1, 0, 0, 0, 0, 3, 2, 1, 0, 0, 0, 0];
        byte[] table = OfRevision(TableFile.Make("SRAT", new byte[12], x2Apic, apic), 3);
        AffinityTable affinity = Read(table, out _);
        Assert.Equal(0x0102_0304u, affinity.DomainOf(9));
        Assert.Equal(0x0102_0304u, affinity.DomainOf(8));
    }

    [Fact]
    public void OverlappingRangesAreCut()
    {
        byte[] table = TableFile.Make("SRAT", new byte[12], Memory(0, 10, 20), Memory(1, 5, 30), Memory(2, 15, 4));
        AffinityTable affinity = Read(table, out WarningList warnings);
        Assert.Equal(
            [(1u, 5ul, 5ul), (0u, 10ul, 20ul), (1u, 30ul, 5ul)],
            affinity.Memory.ToArray().Select(range => (range.Domain, range.Base / Mebi, range.Length / Mebi))
        );
        Assert.Equal([WarningReason.OverlappingRanges, WarningReason.OverlappingRanges], Reasons(ref warnings));
    }

    [Fact]
    public void EmptyAndEndlessRangesAreLeftOut()
    {
        byte[] endless = Memory(1, 5, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(endless.AsSpan(16), ulong.MaxValue);
        AffinityTable affinity = Read(
            TableFile.Make("SRAT", new byte[12], Memory(0, 5, 0), endless),
            out WarningList warnings
        );
        Assert.Equal(0, affinity.Memory.Length);
        Assert.Equal([WarningReason.EmptyRange, WarningReason.BadEntry], Reasons(ref warnings));
    }

    [Fact]
    public void ACpuStaysInTheNodeThatWasNamedFirst()
    {
        byte[] first = [0, 16, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] second = [0, 16, 2, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        AffinityTable affinity = Read(TableFile.Make("SRAT", new byte[12], first, second), out WarningList warnings);
        Assert.Equal(1u, affinity.DomainOf(3));
        Assert.Equal([WarningReason.DuplicateCpu], Reasons(ref warnings));
    }

    [Fact]
    public void TooManyRangesAreSaid()
    {
        byte[][] ranges =
        [
            .. Enumerable.Range(0, AffinityTable.MaximumRanges + 3).Select(i => Memory(0, 2 * (uint)i, 1)),
        ];
        AffinityTable affinity = Read(TableFile.Make("SRAT", [new byte[12], .. ranges]), out WarningList warnings);
        Assert.Equal(AffinityTable.MaximumRanges, affinity.Memory.Length);
        Assert.Equal(3 * Mebi, affinity.LostBytes);
        Assert.Equal((3 * Mebi, 3), (warnings.Kept[0].Detail, warnings.Kept[0].Things));
        Assert.Equal([WarningReason.TooManyRanges], Reasons(ref warnings));
    }

    [Fact]
    public void CpusWithoutRoomAreCounted()
    {
        byte[][] entries = new byte[ApicIdMap.Capacity + 2][];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = new byte[24];
            (entries[i][0], entries[i][1], entries[i][12]) = (2, 24, 1);
            BinaryPrimitives.WriteUInt32LittleEndian(entries[i].AsSpan(4), 7);
            BinaryPrimitives.WriteUInt32LittleEndian(entries[i].AsSpan(8), (uint)i << 20);
        }
        AffinityTable affinity = Read(TableFile.Make("SRAT", [new byte[12], .. entries]), out WarningList warnings);
        Assert.Equal(7u, affinity.DomainOf((ApicIdMap.Capacity - 1) << 20));
        Assert.Equal([WarningReason.TooManyCpus], Reasons(ref warnings));
        Assert.Equal(2ul, warnings.Kept[0].Detail);
    }

    /// <summary>The first node's memory has a hole, as every PC's.</summary>
    [Fact]
    public void AllNodesThatThereIsRoomForHaveTheirMemory()
    {
        byte[][] ranges =
        [
            Memory(0, 0, 1),
            .. Enumerable.Range(0, MachineTopology.MaximumNodes).Select(i => Memory((uint)i, 2 * (uint)i + 2, 1)),
        ];
        AffinityTable affinity = Read(TableFile.Make("SRAT", [new byte[12], .. ranges]), out WarningList warnings);
        Assert.Equal(MachineTopology.MaximumNodes + 1, affinity.Memory.Length);
        Assert.Equal(0, warnings.Count);
    }

    [Fact]
    public void ABrokenTableIsNotPresent()
    {
        byte[] table = TableFile.Read("4x4", "SRAT");
        table[60] ^= 0x55;
        var usable = new RangeSet();
        var affinity = new AffinityTable();
        var warnings = new WarningList();
        Assert.Equal(TableStatus.BadChecksum, SratReader.Read(table, ref usable, ref affinity, ref warnings));
        Assert.False(affinity.IsPresent);
    }

    [Fact]
    public void PresentMemoryWinsOverHotPlugWindows()
    {
        // The window comes first and reaches over all; of what it names, 10 to 20 and 40 to 48 are there.
        byte[] table = TableFile.Make("SRAT", new byte[12], Memory(1, 0, 1000, Window), Memory(0, 5, 5));
        AffinityTable affinity = Read(table, out WarningList warnings, (1, 20), (40, 48));
        Assert.Equal(
            [(1u, 1ul, 4ul), (0u, 5ul, 5ul), (1u, 10ul, 10ul), (1u, 40ul, 8ul)],
            affinity.Memory.ToArray().Select(range => (range.Domain, range.Base / Mebi, range.Length / Mebi))
        );
        Assert.Equal(0, warnings.Count);
    }

    [Fact]
    public void AnEmptyHotPlugWindowIsNoMemory()
    {
        byte[] table = TableFile.Make("SRAT", new byte[12], Memory(0, 1, 63), Memory(1, 64, 64, Window));
        AffinityTable affinity = Read(table, out WarningList warnings, (1, 64));
        Assert.Equal(0u, Assert.Single(affinity.Memory.ToArray()).Domain);
        Assert.Equal(0, warnings.Count);
    }

    [Fact]
    public void WindowsThatDisagreeAboutMemoryAreSaid()
    {
        byte[] table = TableFile.Make("SRAT", new byte[12], Memory(0, 0, 64, Window), Memory(1, 32, 64, Window));
        AffinityTable affinity = Read(table, out WarningList warnings, (1, 96));
        Assert.Equal([0u, 1u], affinity.Memory.ToArray().Select(range => range.Domain));
        Assert.Equal([WarningReason.OverlappingRanges], Reasons(ref warnings));
    }

    [Theory]
    [InlineData(1, 0x04u)]
    [InlineData(2, 0x0102_0304u)]
    public void InRevision1ADomainHas8Bits(byte revision, uint expected)
    {
        byte[] apic = [0, 16, 0x04, 8, 1, 0, 0, 0, 0, 3, 2, 1, 0, 0, 0, 0];
        byte[] table = TableFile.Make(
            "SRAT",
            new byte[12],
            apic,
            Memory(0x0102_0304, 1, 1),
            Memory(0x0102_0304, 2, 1, Window)
        );
        AffinityTable affinity = Read(OfRevision(table, revision), out _, (1, 3));
        Assert.Equal(expected, affinity.DomainOf(8));
        Assert.Equal([expected, expected], affinity.Memory.ToArray().Select(range => range.Domain));
    }

    /// <summary>It gives no node memory, nor is it used: as a rule the memory map has none there.</summary>
    [Theory]
    [InlineData(NonVolatile)]
    [InlineData(NonVolatileWindow)]
    public void NonVolatileMemoryIsNobodys(byte flags)
    {
        byte[] table = TableFile.Make(
            "SRAT",
            new byte[12],
            Memory(0, 1, 63),
            Memory(0, 64, 64, Window),
            Memory(1, 96, 16, flags)
        );
        AffinityTable affinity = Read(table, out WarningList warnings, out RangeSet left, (1, 64), (112, 128));
        Assert.Equal(
            [(0u, 1ul, 63ul), (0u, 112ul, 16ul)],
            affinity.Memory.ToArray().Select(range => (range.Domain, range.Base / Mebi, range.Length / Mebi))
        );
        Assert.Equal((0, 79 * Mebi), (warnings.Count, left.Bytes));
        affinity = Read(table, out warnings, out left, (1, 128));
        Assert.Equal([0u, 0, 0], affinity.Memory.ToArray().Select(range => range.Domain));
        Assert.Equal([WarningReason.NonVolatile], Reasons(ref warnings));
        Assert.Equal((16 * Mebi, 111 * Mebi), (warnings.Kept[0].Detail, left.Bytes));
    }

    /// <summary>Memory is given away in whole pages: who has a part of one keeps it from all others.</summary>
    [Fact]
    public void NonVolatileMemoryTakesWholePages()
    {
        byte[] table = TableFile.Make(
            "SRAT",
            new byte[12],
            Memory(0, 0, 128),
            MemoryAt(0, (70 * Mebi) + 4095, 2, NonVolatile)
        );
        Read(table, out WarningList warnings, out RangeSet left, (0, 128));
        Assert.Equal([WarningReason.NonVolatile], Reasons(ref warnings));
        Assert.Equal(8192ul, warnings.Kept[0].Detail);
        foreach (Abi.Boot.PhysicalRange range in left.Ranges.ToArray())
        {
            Assert.Equal((0ul, 0ul), (range.Base % 4096, range.Length % 4096));
        }
    }

    /// <summary>What is said of it is as if nothing was said: it makes no node, into which all would come that none names.</summary>
    [Fact]
    public void TheNumberThatStandsForNoneIsNoNode()
    {
        byte[] x2Apic = new byte[24];
        (x2Apic[0], x2Apic[1], x2Apic[8], x2Apic[12]) = (2, 24, 9, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(x2Apic.AsSpan(4), uint.MaxValue);
        byte[] apic = [0, 16, 0xff, 8, 1, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0, 0, 0, 0];
        byte[][] memory = [Memory(uint.MaxValue, 1, 1), Memory(uint.MaxValue, 2, 1, Window)];
        byte[] table = OfRevision(TableFile.Make("SRAT", [new byte[12], x2Apic, apic, .. memory]), 3);
        AffinityTable affinity = Read(table, out WarningList warnings, (1, 3));
        Assert.Equal((AffinityTable.NoDomain, AffinityTable.NoDomain), (affinity.DomainOf(8), affinity.DomainOf(9)));
        Assert.Equal(0, affinity.Memory.Length);
        Assert.All(Reasons(ref warnings), reason => Assert.Equal(WarningReason.NoDomain, reason));
        Assert.Equal(4, warnings.Count);
        // A number of 8 bits has no such meaning.
        affinity = Read(OfRevision(table, 1), out warnings, (1, 3));
        Assert.Equal((0xffu, uint.MaxValue), (affinity.DomainOf(8), affinity.DomainOf(9)));
        Assert.Equal(2, affinity.Memory.Length);
    }

    private static byte[] OfRevision(byte[] table, byte revision)
    {
        table[8] = revision;
        return TableFile.Sealed(table);
    }

    /// <summary>Base and length in MiB.</summary>
    private static byte[] Memory(uint domain, uint start, uint length, byte flags = Present) =>
        MemoryAt(domain, start * Mebi, length * Mebi, flags);

    private static byte[] MemoryAt(uint domain, ulong start, ulong length, byte flags)
    {
        byte[] entry = new byte[40];
        (entry[0], entry[1], entry[28]) = (1, 40, flags);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(2), domain);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(8), start);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(16), length);
        return entry;
    }

    /// <summary>On a machine whose memory map has these ranges, in MiB.</summary>
    private static AffinityTable Read(byte[] table, out WarningList warnings, params (uint Start, uint End)[] memory) =>
        Read(table, out warnings, out _, memory);

    /// <summary>The last is what of the ranges may be used.</summary>
    private static AffinityTable Read(
        byte[] table,
        out WarningList warnings,
        out RangeSet usable,
        params (uint Start, uint End)[] memory
    )
    {
        usable = new RangeSet();
        foreach ((uint start, uint end) in memory)
        {
            usable.Add(start * Mebi, end * Mebi);
        }
        var affinity = new AffinityTable();
        warnings = new WarningList();
        Assert.Equal(TableStatus.Valid, SratReader.Read(table, ref usable, ref affinity, ref warnings));
        Assert.True(affinity.IsPresent);
        return affinity;
    }

    private static uint[] Domains(ref AffinityTable affinity, uint count)
    {
        uint[] domains = new uint[count];
        for (uint i = 0; i < count; i++)
        {
            domains[i] = affinity.DomainOf(i);
        }
        return domains;
    }

    private static WarningReason[] Reasons(ref WarningList warnings) =>
        [.. warnings.Kept.ToArray().Select(w => w.Reason)];
}
