namespace Skerry.Base.RegionMaps;

public unsafe partial struct RegionTree
{
    /// <summary>
    /// The lowest address at or behind another with so many bytes behind it that no region has. The search walks down once for
    /// where to begin, and once from there to the gap.
    /// </summary>
    public readonly ulong GapFrom(ulong address, ulong size)
    {
        // The lowest region that has such a gap right before it, or above it within its subtree.
        Region* found = null;
        Region* region = _root;
        while (region != null)
        {
            bool isBehind = region->End > address;
            if (isBehind && (IsGapBefore(region, address, size) || IsGapIn(region->Right, region->End, size)))
            {
                found = region;
            }
            region = isBehind ? region->Left : region->Right;
        }
        return found == null ? EndOf(_root, address) : GapAt(found, address, size);
    }

    /// <summary>The same, where it is right before a region or above it within its subtree.</summary>
    private static ulong GapAt(Region* region, ulong address, ulong size)
    {
        while (!IsGapBefore(region, address, size))
        {
            address = region->End;
            region = region->Right;
            while (IsGapIn(region->Left, address, size))
            {
                region = region->Left;
            }
        }
        return EndOf(region->Left, address);
    }

    /// <summary>Whether there is room between what lies below a region, the address included, and it.</summary>
    private static bool IsGapBefore(Region* region, ulong address, ulong size)
    {
        ulong end = EndOf(region->Left, address);
        return region->Base >= end && region->Base - end >= size;
    }

    /// <summary>Whether there is room in a subtree that lies behind the address, or between both.</summary>
    private static bool IsGapIn(Region* subtree, ulong address, ulong size) =>
        subtree != null && (subtree->Span.Start - address >= size || subtree->Span.LargestGap >= size);

    /// <summary>The end of a subtree, or the address if that is higher.</summary>
    private static ulong EndOf(Region* subtree, ulong address) =>
        subtree != null && subtree->Span.End > address ? subtree->Span.End : address;
}
