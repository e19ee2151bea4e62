using System.Runtime.CompilerServices;

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

    /// <summary>Levels of regions, itself included: what the tree is balanced by.</summary>
    public int Height;

    /// <summary>Whether a region is of a dataspace with a map inside.</summary>
    public bool IsNested;

    /// <summary>Of a region whose two subtrees are right.</summary>
    /// <param name="region">The region.</param>
    /// <param name="lean">By how many levels its left subtree is higher than its right one.</param>
    /// <returns>Whether it is another than before.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Update(Region* region, out int lean)
    {
        ulong start = region->Base;
        ulong end = region->End;
        ulong gap = 0;
        int left = 0;
        int right = 0;
        bool isNested = region->Dataspace->Inner != null;
        Region* child = region->Left;
        if (child != null)
        {
            gap = Larger(child->Span.LargestGap, start - child->Span.End);
            start = child->Span.Start;
            left = child->Span.Height;
            isNested |= child->Span.IsNested;
        }
        child = region->Right;
        if (child != null)
        {
            gap = Larger(gap, Larger(child->Span.LargestGap, child->Span.Start - end));
            end = child->Span.End;
            right = child->Span.Height;
            isNested |= child->Span.IsNested;
        }
        lean = left - right;
        return region->Span.Set(start, end, gap, 1 + (left > right ? left : right), isNested);
    }

    private static ulong Larger(ulong one, ulong other) => one > other ? one : other;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Set(ulong start, ulong end, ulong gap, int height, bool isNested)
    {
        if (Start == start && End == end && LargestGap == gap && Height == height && IsNested == isNested)
        {
            return false;
        }
        Start = start;
        End = end;
        LargestGap = gap;
        Height = height;
        IsNested = isNested;
        return true;
    }
}
