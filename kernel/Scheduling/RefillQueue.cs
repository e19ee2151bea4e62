using System.Runtime.CompilerServices;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// The contexts of one CPU that wait for their refill, the earliest at the root: a leftist heap, linked through the
/// contexts. However many wait, each change takes a number of steps that grows as the logarithm of their number.
/// </summary>
/// <remarks>
/// No context comes back before its parent. The rank of a left child is at least that of the right one, so the way down
/// to the right is the shortest, and in a heap of n contexts at most log2(n + 1) long (C. A. Crane, Linear lists and
/// priority queues as balanced binary trees, 1972). A merge goes down two such ways; what is removed changes ranks above
/// it only as long as each is one more than the last.
/// </remarks>
internal static unsafe class RefillQueue
{
    /// <summary>A context that stands in no queue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(Cpu* cpu, SchedContext* context)
    {
        context->Left = null;
        context->Right = null;
        context->Parent = null;
        context->Rank = 1;
        cpu->Refills = cpu->Refills == null ? context : Merge(cpu->Refills, context);
    }

    /// <summary>A context that stands in this CPU's queue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Remove(Cpu* cpu, SchedContext* context)
    {
        if (cpu->Refills == context && context->Left == null)
        {
            RemoveOnly(cpu, context);
            return;
        }
        RemoveFromSeveral(cpu, context);
    }

    /// <summary>The only one in the queue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RemoveOnly(Cpu* cpu, SchedContext* context)
    {
        context->Rank = 0;
        cpu->Refills = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RemoveFromSeveral(Cpu* cpu, SchedContext* context)
    {
        SchedContext* parent = context->Parent;
        SchedContext* left = context->Left;
        SchedContext* right = context->Right;
        context->Rank = 0;
        if (right != null)
        {
            left->Parent = null;
            right->Parent = null;
        }
        SchedContext* merged = Merge(left, right);
        if (merged != null)
        {
            merged->Parent = parent;
        }
        if (parent == null)
        {
            cpu->Refills = merged;
            return;
        }
        if (parent->Left == context)
        {
            parent->Left = merged;
        }
        else
        {
            parent->Right = merged;
        }
        while (parent != null && Balance(parent))
        {
            parent = parent->Parent;
        }
    }

    /// <summary>Two heaps, or null for an empty one.</summary>
    private static SchedContext* Merge(SchedContext* first, SchedContext* second)
    {
        SchedContext* above = null;
        SchedContext* root = null;
        while (first != null && second != null)
        {
            if (second->RefillAt < first->RefillAt)
            {
                SchedContext* later = first;
                first = second;
                second = later;
            }
            if (above == null)
            {
                root = first;
            }
            else
            {
                above->Right = first;
                first->Parent = above;
            }
            above = first;
            first = first->Right;
        }
        SchedContext* rest = first != null ? first : second;
        if (above == null)
        {
            return rest;
        }
        above->Right = rest;
        rest->Parent = above;
        for (SchedContext* changed = above; changed != null; changed = changed->Parent)
        {
            Balance(changed);
        }
        return root;
    }

    /// <summary>After a change below a context.</summary>
    /// <returns>Whether its rank changes by it.</returns>
    private static bool Balance(SchedContext* context)
    {
        uint left = context->Left == null ? 0 : context->Left->Rank;
        uint right = context->Right == null ? 0 : context->Right->Rank;
        if (left < right)
        {
            SchedContext* child = context->Left;
            context->Left = context->Right;
            context->Right = child;
            right = left;
        }
        uint before = context->Rank;
        context->Rank = right + 1;
        return context->Rank != before;
    }
}
