using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Skerry.Base.RegionMaps;
using Xunit;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>A tree of regions beside a list of them, which says what the tree must be.</summary>
internal sealed unsafe class PlayedTree : IDisposable
{
    private readonly List<nint> _memory = [];
    private readonly SortedDictionary<ulong, nint> _regions = [];
    private readonly Dataspace* _plain;
    private readonly Dataspace* _nested;
    private RegionTree _tree;

    public PlayedTree()
    {
        _plain = Zeroed<Dataspace>();
        _nested = Zeroed<Dataspace>();
        _nested->Inner = Zeroed<RegionMap>();
    }

    public int Count => _regions.Count;

    public int Levels => _tree.Root == null ? 0 : _tree.Root->Span.Height;

    /// <summary>The lowest first.</summary>
    public IEnumerable<(ulong Start, ulong End)> Ranges => _regions.Values.Select(Range);

    public void Dispose() => _memory.ForEach(memory => NativeMemory.Free((void*)memory));

    /// <returns>False, and nothing has changed, if it shares addresses with another.</returns>
    public bool TryInsert(ulong start, ulong size, bool isNested)
    {
        if (_tree.Overlapping(start, size) != null)
        {
            return false;
        }
        Region* region = Zeroed<Region>();
        region->Base = start;
        region->Size = size;
        region->Dataspace = isNested ? _nested : _plain;
        _tree.Insert(region);
        _regions.Add(start, (nint)region);
        return true;
    }

    public void Remove(ulong start)
    {
        _regions.Remove(start, out nint region);
        _tree.Remove((Region*)region);
    }

    public ulong GapFrom(ulong address, ulong size) => _tree.GapFrom(address, size);

    /// <summary>All that a tree says of itself is as the regions are, it is balanced, and looking up finds them.</summary>
    public void AssertRight()
    {
        Assert.Equal(_regions.Values, AssertSubtree(_tree.Root, null));
        Assert.Equal(_regions.Count == 0, _tree.IsEmpty);
        Assert.Equal(_regions.Values.FirstOrDefault(), (nint)_tree.First());
        foreach (nint region in _regions.Values)
        {
            Assert.Equal(region, (nint)_tree.At(Range(region).End - 1));
        }
        AssertNested();
    }

    /// <summary>Each with a map inside is met once, and nothing that leads to none.</summary>
    private void AssertNested()
    {
        var met = new HashSet<nint>();
        for (Region* region = _tree.FirstNested; region != null; region = RegionTree.NextNested(region))
        {
            Assert.True(region->Span.IsNested);
            Assert.True(met.Add((nint)region));
        }
        Assert.Equal(_regions.Values.Where(IsNested), _regions.Values.Where(met.Contains).Where(IsNested));
    }

    /// <returns>The regions of the subtree, the lowest first.</returns>
    private static List<nint> AssertSubtree(Region* root, Region* parent)
    {
        if (root == null)
        {
            return [];
        }
        Assert.Equal((nint)parent, (nint)root->Parent);
        List<nint> all = [.. AssertSubtree(root->Left, root), (nint)root, .. AssertSubtree(root->Right, root)];
        (int left, int right) = (HeightOf(root->Left), HeightOf(root->Right));
        Assert.InRange(left - right, -1, 1);
        Assert.Equal(1 + Math.Max(left, right), HeightOf(root));
        Assert.Equal(Range(all[0]).Start, root->Span.Start);
        Assert.Equal(Range(all[^1]).End, root->Span.End);
        ulong largest = 0;
        for (int i = 1; i < all.Count; i++)
        {
            largest = Math.Max(largest, Range(all[i]).Start - Range(all[i - 1]).End);
        }
        Assert.Equal(largest, root->Span.LargestGap);
        Assert.Equal(all.Any(IsNested), root->Span.IsNested);
        return all;
    }

    private static int HeightOf(Region* root) => root == null ? 0 : root->Span.Height;

    private static bool IsNested(nint region) => ((Region*)region)->Dataspace->Inner != null;

    private static (ulong Start, ulong End) Range(nint region) => (((Region*)region)->Base, ((Region*)region)->End);

    private T* Zeroed<T>()
        where T : unmanaged
    {
        void* memory = NativeMemory.AllocZeroed((nuint)sizeof(T));
        _memory.Add((nint)memory);
        return (T*)memory;
    }
}
