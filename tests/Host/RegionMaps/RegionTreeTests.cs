using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Skerry.Base.RegionMaps;
using Xunit;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>The tree of regions beside a list of them: what each subtree says of itself, and the gaps that are found.</summary>
public sealed unsafe class RegionTreeTests : IDisposable
{
    private const int Seeds = 40;
    private const int Steps = 300;
    private const int Addresses = 256;
    private const int LongestRegion = 6;

    private readonly List<nint> _memory = [];
    private readonly SortedDictionary<ulong, nint> _regions = [];
    private readonly Dataspace* _plain;
    private readonly Dataspace* _nested;
    private RegionTree _tree;

    public RegionTreeTests()
    {
        _plain = Zeroed<Dataspace>();
        _nested = Zeroed<Dataspace>();
        _nested->Inner = Zeroed<RegionMap>();
    }

    public void Dispose() => _memory.ForEach(memory => NativeMemory.Free((void*)memory));

    private T* Zeroed<T>()
        where T : unmanaged
    {
        void* memory = NativeMemory.AllocZeroed((nuint)sizeof(T));
        _memory.Add((nint)memory);
        return (T*)memory;
    }

    private IEnumerable<(ulong Start, ulong End)> Ranges => _regions.Values.Select(Range);

    private static (ulong Start, ulong End) Range(nint region) => (((Region*)region)->Base, ((Region*)region)->End);

    [Fact]
    public void SpansAndGapsAreThoseOfTheRegions()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            _regions.Clear();
            _tree = default;
            var random = new Random(seed);
            for (int step = 0; step < Steps; step++)
            {
                Change(random);
                AssertSpan(_tree.Root);
                ulong from = (ulong)random.Next(Addresses + LongestRegion);
                ulong size = (ulong)random.Next(1, 40);
                Assert.Equal(LowestGap(from, size), _tree.GapFrom(from, size));
            }
        }
    }

    /// <summary>With a look at each of the regions a search would take 200,000 steps, and all of them 20 billion.</summary>
    [Fact]
    public void AGapBehindManyTooSmallOnesIsFoundWithoutALookAtThem()
    {
        const ulong count = 100_000;
        var random = new Random(1);
        for (ulong i = 0; i < count; i++)
        {
            Insert(2 * i, 1, _plain, random);
        }
        for (ulong i = 0; i < count; i++)
        {
            Assert.Equal(2 * count - 1, _tree.GapFrom(i, 2));
        }
    }

    private void Change(Random random)
    {
        ulong address = (ulong)random.Next(Addresses);
        ulong size = (ulong)random.Next(1, LongestRegion);
        if (random.Next(3) == 0)
        {
            if (_regions.Count > 0)
            {
                var region = (Region*)_regions.Values.ElementAt(random.Next(_regions.Count));
                _tree.Remove(region);
                _regions.Remove(region->Base);
            }
        }
        else if (!Ranges.Any(range => range.Start < address + size && address < range.End))
        {
            Insert(address, size, random.Next(8) == 0 ? _nested : _plain, random);
        }
    }

    private void Insert(ulong address, ulong size, Dataspace* dataspace, Random random)
    {
        Region* region = Zeroed<Region>();
        region->Base = address;
        region->Size = size;
        region->Dataspace = dataspace;
        region->TreePriority = (uint)random.Next();
        _tree.Insert(region);
        _regions.Add(address, (nint)region);
    }

    private ulong LowestGap(ulong from, ulong size)
    {
        ulong address = from;
        foreach ((ulong start, ulong end) in Ranges)
        {
            if (start >= address && start - address >= size)
            {
                break;
            }
            address = Math.Max(address, end);
        }
        return address;
    }

    /// <returns>The regions of the subtree, the lowest first.</returns>
    private static List<nint> AssertSpan(Region* root)
    {
        if (root == null)
        {
            return [];
        }
        List<nint> all = [.. AssertSpan(root->Left), (nint)root, .. AssertSpan(root->Right)];
        Assert.Equal(Range(all[0]).Start, root->Span.Start);
        Assert.Equal(Range(all[^1]).End, root->Span.End);
        ulong largest = 0;
        for (int i = 1; i < all.Count; i++)
        {
            largest = Math.Max(largest, Range(all[i]).Start - Range(all[i - 1]).End);
        }
        Assert.Equal(largest, root->Span.LargestGap);
        Assert.Equal(all.Any(region => ((Region*)region)->Dataspace->Inner != null), root->Span.IsNested);
        return all;
    }
}
