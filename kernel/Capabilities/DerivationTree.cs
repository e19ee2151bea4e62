using System.Runtime.CompilerServices;
using Skerry.Kernel.Cluster;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// Which capability was derived from which. Every operation looks at neighbours only, so none takes longer in a larger
/// tree. Under the cluster lock.
/// </summary>
/// <remarks>
/// <code>
///             parent ───────── child ─────────┐        a parent knows its last child,
///               ↑                             ↓        the last child the first one,
///            previous                                  the first one the parent
///               first ← previous ─ … ─ next → last
///                 ↑                             │
///                 └──────────── next ───────────┘
/// </code>
/// When a slot goes, its children take its place among its siblings: they are spliced in as they are. So the capabilities
/// to one object that are siblings always stand next to each other.
/// </remarks>
internal static unsafe class DerivationTree
{
    /// <summary>Puts a filled slot into the tree as the newest child of its parent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InsertChild(Capability* parent, Capability* child)
    {
        ClusterLock.MustBeHeld();
        uint link = Capability.LinkTo(child);
        uint lastLink = parent->ChildLink;
        parent->ChildLink = link;
        if (lastLink == 0)
        {
            child->NextLink = link;
            child->PreviousLink = Capability.LinkTo(parent);
            child->MarkOnly();
            return;
        }
        Capability* last = Capability.At(lastLink);
        child->NextLink = last->NextLink;
        child->PreviousLink = lastLink;
        child->MarkLast(true);
        last->NextLink = link;
        last->MarkLast(false);
    }

    /// <summary>The same for filled slots in a row, each newer than the one before.</summary>
    public static void InsertChildren(Capability* parent, Capability* first, uint count)
    {
        ClusterLock.MustBeHeld();
        InsertChild(parent, first);
        if (count == 1)
        {
            return;
        }
        uint link = Capability.LinkTo(first);
        uint oldest = first->NextLink;
        first->MarkLast(false);
        Capability* newest = first + (count - 1);
        for (Capability* child = first; child < newest; child++)
        {
            (child + 1)->PreviousLink = link;
            child->NextLink = ++link;
        }
        newest->NextLink = oldest;
        newest->MarkLast(true);
        parent->ChildLink = link;
    }

    public static bool HasChildren(Capability* slot) => slot->ChildLink != 0;

    /// <summary>
    /// No other capability to the same object is left. Of objects that end with their last capability, what is derived
    /// is always a capability to the same object.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsLastToObject(Capability* slot) =>
        slot->ChildLink == 0 && !slot->SameObject(slot->Previous) && (slot->IsLast || !slot->SameObject(slot->Next));

    /// <summary>Takes a slot out. What was derived from it takes its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Remove(Capability* slot)
    {
        ClusterLock.MustBeHeld();
        if (slot->ChildLink == 0 && slot->IsOnly)
        {
            slot->Previous->ChildLink = 0;
        }
        else
        {
            RemoveFromMany(slot);
        }
    }

    private static void RemoveFromMany(Capability* slot)
    {
        if (slot->ChildLink != 0)
        {
            Splice(slot);
        }
        else if (!slot->IsLast)
        {
            RemoveBefore(slot, slot->Next);
        }
        else
        {
            Capability* previous = slot->Previous;
            slot->Next->Previous->ChildLink = slot->PreviousLink;
            previous->NextLink = slot->NextLink;
            previous->MarkLast(true);
        }
    }

    private static void RemoveBefore(Capability* slot, Capability* next)
    {
        Capability* previous = slot->IsFirst ? slot->Previous->LastChild : slot->Previous;
        previous->NextLink = slot->NextLink;
        next->PreviousLink = slot->PreviousLink;
        if (slot->IsFirst)
        {
            next->MarkFirst(true);
        }
    }

    private static void Splice(Capability* slot)
    {
        Capability* last = slot->LastChild;
        Capability* first = last->Next;
        uint firstLink = last->NextLink;
        *NameBehind(slot) = slot->ChildLink;
        last->MarkLast(slot->IsLast);
        // Of an only child, the circle of its children is closed already.
        if (!slot->IsOnly)
        {
            *NameBefore(slot) = firstLink;
            last->NextLink = slot->NextLink;
        }
        first->PreviousLink = slot->PreviousLink;
        first->MarkFirst(slot->IsFirst);
    }

    /// <summary>The destination, which is not in the tree, takes the source's place.</summary>
    public static void Replace(Capability* source, Capability* destination)
    {
        ClusterLock.MustBeHeld();
        Rename(source, Capability.LinkTo(destination));
        destination->TakePlace(source);
    }

    /// <summary>Two slots change places.</summary>
    public static void Swap(Capability* one, Capability* other)
    {
        ClusterLock.MustBeHeld();
        uint* before = NameBefore(other);
        uint* behind = NameBehind(other);
        uint* below = NameBelow(other);
        Rename(one, Capability.LinkTo(other));
        // Each names one of the two, so these are others, even where they lie in the slots themselves.
        uint link = Capability.LinkTo(one);
        *before = link;
        *behind = link;
        if (below != null)
        {
            *below = link;
        }
        Capability kept = default;
        kept.TakePlace(one);
        one->TakePlace(other);
        other->TakePlace(&kept);
    }

    private static void Rename(Capability* slot, uint link)
    {
        uint* before = NameBefore(slot);
        uint* behind = NameBehind(slot);
        uint* below = NameBelow(slot);
        *before = link;
        *behind = link;
        if (below != null)
        {
            *below = link;
        }
    }

    /// <summary>The link by which its sibling before it, or of the first the last one, names a slot.</summary>
    private static uint* NameBefore(Capability* slot)
    {
        if (!slot->IsFirst)
        {
            return &slot->Previous->NextLink;
        }
        return slot->IsLast ? &slot->NextLink : &slot->Previous->LastChild->NextLink;
    }

    /// <summary>The link by which its sibling behind it, or of the last the parent, names a slot.</summary>
    private static uint* NameBehind(Capability* slot) =>
        slot->IsLast ? &ParentOfLast(slot)->ChildLink : &slot->Next->PreviousLink;

    private static uint* NameBelow(Capability* slot) =>
        slot->ChildLink == 0 ? null : &slot->LastChild->Next->PreviousLink;

    private static Capability* ParentOfLast(Capability* slot) => slot->IsFirst ? slot->Previous : slot->Next->Previous;

    /// <summary>The slot after this one, parents before their children; null at the end. For those who look at all.</summary>
    public static Capability* After(Capability* slot)
    {
        if (slot->ChildLink != 0)
        {
            return slot->LastChild->Next;
        }
        while (slot->IsLast)
        {
            slot = ParentOfLast(slot);
        }
        return slot->NextLink == 0 ? null : slot->Next;
    }
}
