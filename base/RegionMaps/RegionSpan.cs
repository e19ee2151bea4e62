namespace Skerry.Base.RegionMaps;

/// <summary>
/// The regions of a subtree, seen from outside. With this a gap, or what is nested, is found without a look at each region,
/// however many of them a component has made.
/// </summary>
internal unsafe struct RegionSpan
{
    /// <summary>Of the lowest region.</summary>
    public ulong Start;

    /// <summary>Of the highest region.</summary>
    public ulong End;

    /// <summary>Bytes of the largest gap between two regions that follow one another.</summary>
    public ulong LargestGap;

    /// <summary>Whether a region is of a dataspace with a map inside.</summary>
    public bool IsNested;

    /// <summary>Of a region whose two subtrees are right.</summary>
    public static void Update(Region* region)
    {
        RegionSpan* span = &region->Span;
        span->Start = region->Base;
        span->End = region->End;
        span->LargestGap = 0;
        span->IsNested = region->Dataspace->Inner != null;
        if (region->Left != null)
        {
            RegionSpan* lower = &region->Left->Span;
            span->Start = lower->Start;
            Widen(span, lower, region->Base - lower->End);
        }
        if (region->Right != null)
        {
            RegionSpan* upper = &region->Right->Span;
            span->End = upper->End;
            Widen(span, upper, upper->Start - region->End);
        }
    }

    private static void Widen(RegionSpan* span, RegionSpan* below, ulong gap)
    {
        ulong larger = below->LargestGap > gap ? below->LargestGap : gap;
        span->LargestGap = larger > span->LargestGap ? larger : span->LargestGap;
        span->IsNested |= below->IsNested;
    }
}
