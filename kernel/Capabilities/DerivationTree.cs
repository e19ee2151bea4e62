namespace Skerry.Kernel.Capabilities;

/// <summary>The order in which capabilities were derived from each other. Under the cluster lock.</summary>
internal static unsafe class DerivationTree
{
    /// <summary>Puts a filled slot into the tree as the newest child of its parent.</summary>
    public static void InsertChild(Capability* parent, Capability* child)
    {
        Capability* next = parent->Next;
        child->SetDepth(parent->Depth + 1);
        child->SetPrevious(parent);
        child->SetNext(next);
        parent->SetNext(child);
        if (next != null)
        {
            next->SetPrevious(child);
        }
    }

    public static bool HasChildren(Capability* slot) => slot->Next != null && slot->Next->Depth > slot->Depth;

    /// <summary>No other capability to the same object is left: they stand next to each other in the tree.</summary>
    public static bool IsLast(Capability* slot) => !slot->SameObject(slot->Previous) && !slot->SameObject(slot->Next);

    /// <summary>
    /// Takes a slot out. What was derived from it moves up one level, so that it does not come to count as derived from
    /// an older sibling that happens to stand before it.
    /// </summary>
    public static void Remove(Capability* slot)
    {
        Capability* previous = slot->Previous;
        Capability* next = slot->Next;
        for (Capability* below = next; below != null && below->Depth > slot->Depth; below = below->Next)
        {
            below->SetDepth(below->Depth - 1);
        }
        if (previous != null)
        {
            previous->SetNext(next);
        }
        if (next != null)
        {
            next->SetPrevious(previous);
        }
    }

    /// <summary>The destination, a copy of the source's words, takes the source's place.</summary>
    public static void Replace(Capability* source, Capability* destination)
    {
        Capability* previous = source->Previous;
        Capability* next = source->Next;
        destination->SetDepth(source->Depth);
        destination->SetPrevious(previous);
        destination->SetNext(next);
        if (previous != null)
        {
            previous->SetNext(destination);
        }
        if (next != null)
        {
            next->SetPrevious(destination);
        }
    }
}
