using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Startup;
using Skerry.Tests.Host.Kernel.Fakes;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>What is free becomes core's, to the last page; or the kernel says how much does not, and that is little.</summary>
public sealed unsafe class InitialUntypedTests
{
    private const ulong Page = UserLayout.PageSize;

    private readonly World _world = new(1);
    private CoreInformation _facts;

    [Theory]
    [InlineData(0x10_0000, 0x10_0000)]
    [InlineData(0x10_1000, 0x7f_e000)]
    [InlineData(0, 1ul << 37)]
    [InlineData(0x3000, (1ul << 37) - 0x5000)]
    public void OfOneRangeNothingIsLeft(ulong start, ulong length)
    {
        Make([(start, length)]);
        Assert.Equal(0ul, _facts.WithheldBytes);
        AreTheRanges([(start, length)]);
    }

    /// <summary>Each of 32 ranges of nearly 16 MiB takes 22 pieces, at their worst place: 704, and there is room for 120.</summary>
    [Fact]
    public void OfManyTheSmallestPiecesAreLeft()
    {
        (ulong, ulong)[] ranges = Enumerable
            .Range(1, RangeList.Capacity)
            .Select(i => (((ulong)i << 25) + Page, (1ul << 24) - 2 * Page))
            .ToArray();
        Make(ranges);
        ulong all = (ulong)ranges.Sum(range => (long)range.Item2);
        ulong given = (ulong)Pieces().Sum(piece => (long)piece.Length);
        Assert.Equal(CoreInformation.MaximumUntypeds, (int)_facts.UntypedCount);
        Assert.Equal(all, given + _facts.WithheldBytes);
        // Two of 4 MiB, two of 2 MiB, two of 1 MiB and so on of each range: 64 and 56 of the largest.
        Assert.Equal(64 * (4ul << 20) + 56 * (2ul << 20), given);
    }

    [Fact]
    public void RandomRangesAreCoveredOnce()
    {
        var random = new Random(8);
        for (int round = 0; round < 200; round++)
        {
            ulong next = 0;
            var ranges = new List<(ulong, ulong)>();
            for (int i = random.Next(1, 5); i > 0; i--)
            {
                ulong start = next + (ulong)random.Next(0, 1 << 12) * Page;
                ulong length = (ulong)random.Next(1, 1 << random.Next(1, 16)) * Page;
                ranges.Add((start, length));
                next = start + length + Page;
            }
            Make(ranges);
            Assert.Equal(0ul, _facts.WithheldBytes);
            AreTheRanges(ranges);
        }
    }

    private void Make(IReadOnlyList<(ulong Start, ulong Length)> ranges)
    {
        _facts = default;
        var list = new RangeList { Count = (uint)ranges.Count };
        for (int i = 0; i < ranges.Count; i++)
        {
            list.Ranges[i] = new PhysicalRange { Base = ranges[i].Start, Length = ranges[i].Length };
        }
        // Slots that hold one of an earlier round are written anew: nothing looks at the tree here.
        var table = (Capability*)(HostMemory.Start + (5 << 20));
        var root = table - 1;
        new Span<byte>(root, 1 << 20).Clear();
        fixed (CoreInformation* facts = &_facts)
        {
            InitialUntyped.Make(list, table, root, facts);
        }
        for (int i = 0; i < (int)_facts.UntypedCount; i++)
        {
            Capability* slot = table + (int)InitialSlot.FirstUntyped + i;
            Assert.Equal(ObjectType.Untyped, slot->Type);
            Assert.Equal(_facts.Untypeds[i].Base, slot->PhysicalBase);
            Assert.Equal(_facts.Untypeds[i].Length, UntypedMemory.SizeOf(slot));
            Assert.Equal(0ul, UntypedMemory.ZeroedTo(slot));
        }
    }

    private PhysicalRange[] Pieces() =>
        Enumerable.Range(0, (int)_facts.UntypedCount).Select(i => _facts.Untypeds[i]).ToArray();

    /// <summary>Every piece is aligned to its size, and together, joined where they touch, they are these.</summary>
    private void AreTheRanges(IReadOnlyList<(ulong Start, ulong Length)> expected)
    {
        var joined = new List<(ulong Start, ulong Length)>();
        foreach (PhysicalRange piece in Pieces().OrderBy(piece => piece.Base))
        {
            Assert.True(ulong.IsPow2(piece.Length) && piece.Base % piece.Length == 0);
            bool touches = joined.Count != 0 && joined[^1].Start + joined[^1].Length == piece.Base;
            if (touches)
            {
                joined[^1] = (joined[^1].Start, joined[^1].Length + piece.Length);
            }
            else
            {
                joined.Add((piece.Base, piece.Length));
            }
        }
        Assert.Equal(expected, joined);
    }
}
