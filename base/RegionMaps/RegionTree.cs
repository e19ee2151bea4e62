namespace Skerry.Base.RegionMaps;

/// <summary>
/// The regions of one map ordered by address, balanced by the rule of Adelson-Velsky and Landis (1962): of two subtrees below
/// one region none is more than one level higher than the other. So the tree of N regions has fewer than
/// 1.4405 log2(N + 2) levels, in whatever order they came. Each node knows what is below it (<see cref="RegionSpan"/>) and
/// what it hangs below: nothing here calls itself. Regions never overlap.
/// </summary>
public unsafe partial struct RegionTree
{
    /// <summary>Of a domain, in all its maps: what its pages of records have room for (<see cref="Memory.RecordPool"/>).</summary>
    public const int MostRegions = 10_752;

    /// <summary>
    /// Of a tree of so many. One of L levels has as many regions as the smallest ones of L - 1 and of L - 2 levels together,
    /// and one more: 6,764 for 18, and 10,945 for 19.
    /// </summary>
    public const int MaximumLevels = 18;

    private Region* _root;

    public readonly bool IsEmpty => _root == null;

    internal readonly Region* Root => _root;

    /// <summary>The first that <see cref="NextNested"/> goes on from; null if there is no map inside this one.</summary>
    public readonly Region* FirstNested => IsNested(_root) ? _root : null;

    /// <summary>The region has been in no tree yet.</summary>
    public void Insert(Region* region)
    {
        Region* above = null;
        Region* place = _root;
        while (place != null)
        {
            above = place;
            place = region->Base < place->Base ? place->Left : place->Right;
        }
        region->Parent = above;
        if (above == null)
        {
            _root = region;
        }
        else if (region->Base < above->Base)
        {
            above->Left = region;
        }
        else
        {
            above->Right = region;
        }
        Settle(region);
    }

    public void Remove(Region* region)
    {
        Region* changed = region->Parent;
        if (region->Left == null)
        {
            Replace(region, region->Right);
        }
        else if (region->Right == null)
        {
            Replace(region, region->Left);
        }
        else
        {
            changed = ReplaceByNext(region);
        }
        Settle(changed);
    }

    /// <summary>The region with the largest base that is not above the address; null if there is none.</summary>
    public readonly Region* AtOrBelow(ulong address)
    {
        Region* found = null;
        Region* region = _root;
        while (region != null)
        {
            if (region->Base <= address)
            {
                found = region;
                region = region->Right;
            }
            else
            {
                region = region->Left;
            }
        }
        return found;
    }

    /// <summary>The region that holds the address; null if there is none.</summary>
    public readonly Region* At(ulong address)
    {
        Region* region = AtOrBelow(address);
        return region != null && region->Contains(address) ? region : null;
    }

    /// <summary>The highest region that shares addresses with the range; null if none does.</summary>
    public readonly Region* Overlapping(ulong start, ulong size)
    {
        Region* region = AtOrBelow(start + size - 1);
        return region != null && region->End > start ? region : null;
    }

    /// <summary>The region with the lowest base; null if there is none.</summary>
    public readonly Region* First() => _root == null ? null : LowestOf(_root);

    /// <summary>
    /// Behind <see cref="FirstNested"/>, each region with a map inside, and those that lead to one: parents come before children.
    /// </summary>
    /// <returns>Null behind the last.</returns>
    public static Region* NextNested(Region* region)
    {
        if (IsNested(region->Left))
        {
            return region->Left;
        }
        Region* next = region->Right;
        while (!IsNested(next))
        {
            Region* parent = region->Parent;
            if (parent == null)
            {
                return null;
            }
            next = region == parent->Left ? parent->Right : null;
            region = parent;
        }
        return next;
    }

    private static bool IsNested(Region* subtree) => subtree != null && subtree->Span.IsNested;

    private static Region* LowestOf(Region* subtree)
    {
        while (subtree->Left != null)
        {
            subtree = subtree->Left;
        }
        return subtree;
    }
}
