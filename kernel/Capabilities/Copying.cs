using System.Runtime.CompilerServices;
using Skerry.Abi;

namespace Skerry.Kernel.Capabilities;

/// <summary>Copy, mint, move and swap. Under the cluster lock.</summary>
internal static unsafe class Copying
{
    // Endpoint and Notification differ in one bit, and no other type has the rest.
    private const int BadgedType = (int)ObjectType.Endpoint | (int)ObjectType.Notification;
    private const int BadgedDifference = (int)ObjectType.Endpoint ^ (int)ObjectType.Notification;

    // Of the first four there is one holder at a time: what is made of them, mapped by them or drawn from them is known
    // through this one capability.
    private const uint Underivable =
        (1u << (int)ObjectType.Untyped)
        | (1u << (int)ObjectType.PageTable)
        | (1u << (int)ObjectType.Reply)
        | (1u << (int)ObjectType.SchedControl)
        | (1u << (int)ObjectType.None)
        | (1u << (int)Capability.Dying);

    /// <summary>Derives a capability with at most the rights given. A badge of 0 keeps the source's.</summary>
    public static Status Derive(Capability* source, Capability* destination, byte rights, ulong badge)
    {
        if (badge != 0)
        {
            return Mint(source, destination, rights, badge);
        }
        ObjectType type = source->Type;
        ulong data = source->Data;
        if (((int)type | BadgedDifference) != BadgedType)
        {
            if ((1u << (int)type & Underivable) != 0)
            {
                return Refusal(type);
            }
            if (type == ObjectType.Frame)
            {
                // A copy of a frame has a window of its own, so that a dataspace can be attached many times.
                data = 0;
            }
        }
        destination->WriteCopy(source, rights, data);
        DerivationTree.InsertChild(source, destination);
        return Status.Ok;
    }

    /// <summary>Of an Endpoint or Notification that has no badge yet. Not inlined, so that a copy stays short.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Status Mint(Capability* source, Capability* destination, byte rights, ulong badge)
    {
        ObjectType type = source->Type;
        if (((int)type | BadgedDifference) != BadgedType)
        {
            return Refusal(type);
        }
        bool isNotification = type == ObjectType.Notification;
        if (isNotification ? source->Extent != 0 : source->Data != 0)
        {
            return Status.InvalidState;
        }
        destination->WriteCopy(source, rights, badge);
        if (isNotification)
        {
            destination->SetExtent(Capability.BadgedExtent);
        }
        DerivationTree.InsertChild(source, destination);
        return Status.Ok;
    }

    private static Status Refusal(ObjectType type) =>
        type switch
        {
            ObjectType.None => Status.InvalidCapability,
            Capability.Dying => Status.BeingDeleted,
            _ => Status.WrongObjectType,
        };

    private const uint Immovable =
        (1u << (int)ObjectType.None) | (1u << (int)Capability.Dying) | (1u << (int)ObjectType.SchedControl);

    /// <summary>Whether a capability may lie elsewhere. What was derived from a control names its slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Status MayMove(Capability* slot) =>
        (1u << (int)slot->Type & Immovable) == 0 ? Status.Ok : RefusalToMove(slot);

    private static Status RefusalToMove(Capability* slot)
    {
        if (slot->Type != ObjectType.SchedControl)
        {
            return Refusal(slot->Type);
        }
        return DerivationTree.HasChildren(slot) ? Status.HasChildren : Status.Ok;
    }

    /// <summary>The destination is empty.</summary>
    public static Status Move(Capability* source, Capability* destination)
    {
        if (MayMove(source) is var refusal and not Status.Ok)
        {
            return refusal;
        }
        destination->Write(source->Type, source->Rights, source->PhysicalBase, source->Data, source->Extent);
        DerivationTree.Replace(source, destination);
        source->Clear();
        return Status.Ok;
    }

    /// <summary>Two different slots that both hold a capability which may be moved.</summary>
    public static void Swap(Capability* one, Capability* other)
    {
        Capability first = *one;
        Capability second = *other;
        // Whoever reads a slot without the lock must not see one capability's word with the other's badge.
        one->Hide();
        other->Hide();
        one->Write(second.Type, second.Rights, second.PhysicalBase, second.Data, second.Extent);
        other->Write(first.Type, first.Rights, first.PhysicalBase, first.Data, first.Extent);
        DerivationTree.Swap(one, other);
    }
}
