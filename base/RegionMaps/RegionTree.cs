namespace Skerry.Base.RegionMaps;

/// <summary>
/// The regions of one map ordered by address: a treap (Seidel and Aragon, 1996), each of whose nodes knows the span and the
/// largest gap of what is below it (<see cref="RegionSpan"/>). Recursion is as deep as the tree, which is logarithmic with
/// overwhelming likelihood. Regions never overlap.
/// </summary>
public unsafe struct RegionTree
{
    private Region* _root;

    public readonly bool IsEmpty => _root == null;

    internal readonly Region* Root => _root;

    public void Insert(Region* region) => _root = Insert(_root, region);

    public void Remove(Region* region) => _root = Remove(_root, region);

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

    /// <summary>The lowest address at or behind another with so many bytes behind it that no region has.</summary>
    public readonly ulong GapFrom(ulong address, ulong size)
    {
        AdvanceToGap(_root, size, ref address);
        return address;
    }

    /// <summary>
    /// Moves the address behind the regions of a subtree, as far as there is no gap behind it. A subtree that begins behind the
    /// address is entered only where it has a gap: so one way down is walked to find where to begin, and one to the gap.
    /// </summary>
    /// <returns>Whether the gap lies before the last region of the subtree.</returns>
    private static bool AdvanceToGap(Region* region, ulong size, ref ulong address)
    {
        if (region == null || region->Span.End <= address)
        {
            return false;
        }
        if (region->Span.Start >= address)
        {
            if (region->Span.Start - address >= size)
            {
                return true;
            }
            if (region->Span.LargestGap < size)
            {
                address = region->Span.End;
                return false;
            }
        }
        if (AdvanceToGap(region->Left, size, ref address))
        {
            return true;
        }
        if (region->Base >= address && region->Base - address >= size)
        {
            return true;
        }
        address = region->End > address ? region->End : address;
        return AdvanceToGap(region->Right, size, ref address);
    }

    private static Region* Insert(Region* root, Region* region)
    {
        if (root == null || root->TreePriority < region->TreePriority)
        {
            // What lies below here is below the new one from now on.
            Split(root, region->Base, out region->Left, out region->Right);
            RegionSpan.Update(region);
            return region;
        }
        if (region->Base < root->Base)
        {
            root->Left = Insert(root->Left, region);
        }
        else
        {
            root->Right = Insert(root->Right, region);
        }
        RegionSpan.Update(root);
        return root;
    }

    private static Region* Remove(Region* root, Region* region)
    {
        if (root == region)
        {
            return Join(region->Left, region->Right);
        }
        if (region->Base < root->Base)
        {
            root->Left = Remove(root->Left, region);
        }
        else
        {
            root->Right = Remove(root->Right, region);
        }
        RegionSpan.Update(root);
        return root;
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
            RegionSpan.Update(lower);
            return lower;
        }
        upper->Left = Join(lower, upper->Left);
        RegionSpan.Update(upper);
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
            RegionSpan.Update(lower);
        }
        else
        {
            upper = region;
            Split(region->Left, address, out lower, out Region* left);
            upper->Left = left;
            RegionSpan.Update(upper);
        }
    }
}
