using System.Collections.Generic;
using System.Linq;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Xunit;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>How many levels a tree of regions has at most, whatever its owner does.</summary>
public sealed unsafe class RegionTreeDepthTests
{
    /// <summary>Each of the pages has its own head in the first cell.</summary>
    private static int MostRegions =>
        RecordPool.MaximumPages * ((BitRuns.WordBits - 1) / RecordPage.CellsOf(sizeof(Region)));

    /// <summary>Whose subtrees are the smallest of one level less and of two.</summary>
    private static int FewestRegions(int levels) =>
        levels <= 0 ? 0 : 1 + FewestRegions(levels - 1) + FewestRegions(levels - 2);

    [Fact]
    public void ADomainHasTooFewRegionsForALevelMore()
    {
        Assert.Equal(RegionTree.MostRegions, MostRegions);
        Assert.InRange(
            MostRegions,
            FewestRegions(RegionTree.MaximumLevels),
            FewestRegions(RegionTree.MaximumLevels + 1) - 1
        );
    }

    /// <summary>The tree of the fewest regions for its levels, level by level: it is right without a change at each of them.</summary>
    [Fact]
    public void TheBoundIsReached()
    {
        using var tree = new PlayedTree();
        var open = new Queue<(int Levels, int First)>([(RegionTree.MaximumLevels, 0)]);
        while (open.TryDequeue(out (int Levels, int First) subtree))
        {
            int root = subtree.First + FewestRegions(subtree.Levels - 1);
            Insert(tree, root);
            if (subtree.Levels > 1)
            {
                open.Enqueue((subtree.Levels - 1, subtree.First));
            }
            if (subtree.Levels > 2)
            {
                open.Enqueue((subtree.Levels - 2, root + 1));
            }
        }
        tree.AssertRight();
        Assert.Equal((FewestRegions(RegionTree.MaximumLevels), RegionTree.MaximumLevels), (tree.Count, tree.Levels));
    }

    public static TheoryData<string> Orders => ["ascending", "descending", "from outside", "from inside", "in halves"];

    [Theory]
    [MemberData(nameof(Orders))]
    public void NoOrderMakesADeepTree(string order)
    {
        using var tree = new PlayedTree();
        int[] places = InOrder(order).ToArray();
        Assert.Equal(MostRegions, places.Distinct().Count());
        foreach (int place in places)
        {
            Insert(tree, place);
            AssertLevels(tree);
        }
        tree.AssertRight();
        // All but every 16th, so that the tree comes to be of few levels, then these.
        foreach (int place in places.OrderBy(place => place % 16 == 0))
        {
            tree.Remove((ulong)place);
            AssertLevels(tree);
            if (tree.Count % 1000 == 0)
            {
                tree.AssertRight();
            }
        }
    }

    private static void AssertLevels(PlayedTree tree) =>
        Assert.InRange(FewestRegions(tree.Levels), tree.Levels, tree.Count);

    private static void Insert(PlayedTree tree, int place) =>
        Assert.True(tree.TryInsert((ulong)place, 1, isNested: false));

    private static IEnumerable<int> InOrder(string order)
    {
        IEnumerable<int> ascending = Enumerable.Range(0, MostRegions);
        return order switch
        {
            "ascending" => ascending,
            "descending" => ascending.Reverse(),
            "from outside" => ascending.Select(FromOutside),
            "from inside" => ascending.Reverse().Select(FromOutside),
            _ => ascending.OrderBy(place => place % 2).ThenBy(place => place % 3),
        };
    }

    private static int FromOutside(int step) => step % 2 == 0 ? step / 2 : MostRegions - 1 - step / 2;
}
