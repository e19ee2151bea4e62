namespace Skerry.Base.RegionMaps;

public unsafe partial struct RegionTree
{
    /// <summary>
    /// Renews what regions say of what is below them, from one up, and balances them. Where nothing differs from before, it
    /// differs nowhere above.
    /// </summary>
    private void Settle(Region* region)
    {
        while (region != null)
        {
            bool differs = RegionSpan.Update(region, out int lean);
            if (lean is < -1 or > 1)
            {
                region = Straighten(lean < 0 ? region->Right : region->Left);
            }
            else
            {
                region = differs ? region->Parent : null;
            }
        }
    }

    /// <summary>Where a region's subtree is two levels higher than its sibling's: brings its higher half up.</summary>
    /// <returns>What stands in its parent's place now, and is to be renewed: it differs, as more is below it.</returns>
    private Region* Straighten(Region* higher)
    {
        bool isLeft = higher == higher->Parent->Left;
        Region* inner = isLeft ? higher->Right : higher->Left;
        Region* outer = isLeft ? higher->Left : higher->Right;
        if (HeightOf(inner) > HeightOf(outer))
        {
            // The inner half would only change sides with its parent.
            Raise(inner);
            higher = inner;
        }
        Raise(higher);
        return higher;
    }

    /// <summary>Puts a region in its parent's place, and that one, renewed, below it. (A rotation; the order stays.)</summary>
    private void Raise(Region* region)
    {
        Region* parent = region->Parent;
        Replace(parent, region);
        if (region == parent->Left)
        {
            parent->Left = region->Right;
            Adopt(parent, parent->Left);
            region->Right = parent;
        }
        else
        {
            parent->Right = region->Left;
            Adopt(parent, parent->Right);
            region->Left = parent;
        }
        parent->Parent = region;
        RegionSpan.Update(parent, out _);
    }

    /// <summary>
    /// Takes a region with two children out; the next one takes its place. Settle will not stop below that: each subtree on the
    /// way has lost its lowest region, and the next one has gained lower ones.
    /// </summary>
    /// <returns>The lowest region below which something has changed.</returns>
    private Region* ReplaceByNext(Region* region)
    {
        Region* next = LowestOf(region->Right);
        Region* changed = next->Parent == region ? next : next->Parent;
        Replace(next, next->Right);
        next->Left = region->Left;
        next->Right = region->Right;
        Adopt(next, next->Left);
        Adopt(next, next->Right);
        Replace(region, next);
        return changed;
    }

    /// <summary>Hangs a subtree, or nothing, where a region hangs.</summary>
    private void Replace(Region* region, Region* subtree)
    {
        Region* parent = region->Parent;
        Adopt(parent, subtree);
        if (parent == null)
        {
            _root = subtree;
        }
        else if (region == parent->Left)
        {
            parent->Left = subtree;
        }
        else
        {
            parent->Right = subtree;
        }
    }

    private static void Adopt(Region* parent, Region* subtree)
    {
        if (subtree != null)
        {
            subtree->Parent = parent;
        }
    }

    private static int HeightOf(Region* subtree) => subtree == null ? 0 : subtree->Span.Height;
}
