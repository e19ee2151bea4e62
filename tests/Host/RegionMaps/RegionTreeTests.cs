using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>The tree of regions beside a list of them: what each subtree says of itself, its balance, and the gaps found.</summary>
public sealed class RegionTreeTests
{
    private const int Addresses = 256;
    private const int LongestRegion = 6;
    private const int LongestGap = 40;
    private const int Kinds = 8;

    /// <summary>Of the kinds of steps, from 0 on.</summary>
    private const int Removals = 3;
    private const int NestedKind = 3;

    private static readonly Arbitrary<(int Kind, int Address, int Size)[]> _steps = Gen.Choose(0, Kinds - 1)
        .SelectMany(kind =>
            Gen.Choose(0, Addresses - 1)
                .SelectMany(address => Gen.Choose(1, LongestRegion).Select(size => (kind, address, size)))
        )
        .ArrayOf()
        .ToArbitrary();

    [Fact]
    public void TheTreeIsRightBehindEachStep() =>
        Prop.ForAll(
                _steps,
                steps =>
                {
                    using var tree = new PlayedTree();
                    foreach ((int kind, int address, int size) in steps)
                    {
                        Change(tree, kind, address, size);
                        tree.AssertRight();
                    }
                }
            )
            .Check(SoakConfig.Of(1000));

    [Fact]
    public void GapsAreThoseBetweenTheRegions() =>
        Prop.ForAll(
                _steps,
                steps =>
                {
                    using var tree = new PlayedTree();
                    foreach ((int kind, int address, int size) in steps)
                    {
                        Change(tree, kind, address, size);
                        for (ulong gap = 1; gap < LongestGap; gap += (ulong)size)
                        {
                            ulong from = (ulong)address + gap;
                            Assert.Equal(LowestGap(tree.Ranges, from, gap), tree.GapFrom(from, gap));
                        }
                    }
                }
            )
            .Check(SoakConfig.Of(1000));

    /// <summary>With a look at each of the regions a search would take 200,000 steps, and all of them 20 billion.</summary>
    [Fact]
    public void AGapBehindManyTooSmallOnesIsFoundWithoutALookAtThem()
    {
        const ulong count = 100_000;
        using var tree = new PlayedTree();
        for (ulong i = 0; i < count; i++)
        {
            Assert.True(tree.TryInsert(2 * i, 1, isNested: false));
        }
        for (ulong i = 0; i < count; i++)
        {
            Assert.Equal(2 * count - 1, tree.GapFrom(i, 2));
        }
    }

    /// <summary>An insertion, or the removal of what lies at or behind the address.</summary>
    private static void Change(PlayedTree tree, int kind, int address, int size)
    {
        if (kind >= Removals)
        {
            tree.TryInsert((ulong)address, (ulong)size, kind == NestedKind);
            return;
        }
        (ulong start, ulong end) = tree.Ranges.FirstOrDefault(range => range.Start >= (ulong)address);
        if (end != 0)
        {
            tree.Remove(start);
        }
    }

    private static ulong LowestGap(IEnumerable<(ulong Start, ulong End)> ranges, ulong from, ulong size)
    {
        ulong address = from;
        foreach ((ulong start, ulong end) in ranges)
        {
            if (start >= address && start - address >= size)
            {
                break;
            }
            address = Math.Max(address, end);
        }
        return address;
    }
}
