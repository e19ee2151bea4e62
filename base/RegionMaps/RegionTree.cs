namespace Skerry.Base.RegionMaps;

/// <summary>
/// The regions of one map ordered by address: a treap (Seidel and Aragon, 1996). Recursion is as deep as the tree,
/// which is logarithmic with overwhelming likelihood. Regions never overlap.
/// </summary>
public unsafe struct RegionTree
{
    private Region* _root;

    public readonly bool IsEmpty => _root == null;

    public void Insert(Region* region)
    {
        fixed (Region** root = &_root)
        {
            Region** link = root;
            while (*link != null && (*link)->TreePriority >= region->TreePriority)
            {
                link = region->Base < (*link)->Base ? &(*link)->Left : &(*link)->Right;
            }
            // What lies below here is below the new one from now on.
            Split(*link, region->Base, out region->Left, out region->Right);
            *link = region;
        }
    }

    public void Remove(Region* region)
    {
        fixed (Region** root = &_root)
        {
            Region** link = root;
            while (*link != region)
            {
                link = region->Base < (*link)->Base ? &(*link)->Left : &(*link)->Right;
            }
            *link = Join(region->Left, region->Right);
        }
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
    public readonly Region* First()
    {
        Region* region = _root;
        while (region != null && region->Left != null)
        {
            region = region->Left;
        }
        return region;
    }

    /// <summary>The region with the next higher base; null if there is none.</summary>
    public readonly Region* After(Region* earlier)
    {
        Region* found = null;
        Region* region = _root;
        while (region != null)
        {
            bool behind = region->Base > earlier->Base;
            found = behind ? region : found;
            region = behind ? region->Left : region->Right;
        }
        return found;
    }

    private static Region* Join(Region* lower, Region* upper)
    {
        if (lower == null)
        {
            return upper;
        }
        if (upper == null)
        {
            return lower;
        }
        if (lower->TreePriority > upper->TreePriority)
        {
            lower->Right = Join(lower->Right, upper);
            return lower;
        }
        upper->Left = Join(lower, upper->Left);
        return upper;
    }

    private static void Split(Region* region, ulong address, out Region* lower, out Region* upper)
    {
        if (region == null)
        {
            lower = null;
            upper = null;
        }
        else if (region->Base < address)
        {
            lower = region;
            Split(region->Right, address, out Region* right, out upper);
            lower->Right = right;
        }
        else
        {
            upper = region;
            Split(region->Left, address, out lower, out Region* left);
            upper->Left = left;
        }
    }
}
