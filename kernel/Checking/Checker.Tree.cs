using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Checking;

/// <summary>The derivation tree: links, depths, and what may stand below what. Enters all objects into the table.</summary>
internal static unsafe partial class Checker
{
    /// <returns>Whether the tree is sound enough to follow it again.</returns>
    private static bool CheckTree()
    {
        if (!CheckLinks())
        {
            return false;
        }
        for (Capability* slot = DerivationTree.After(root); slot != null; slot = DerivationTree.After(slot))
        {
            if (!Require(BytesOf(slot) != NoBytes, CheckedRule.TypeUnknown, slot) || !CheckPlace(slot))
            {
                return false;
            }
            Enter(slot);
        }
        for (Capability* slot = DerivationTree.After(root); slot != null; slot = DerivationTree.After(slot))
        {
            CheckChildren(slot);
            if (KindOf(slot) == ObjectType.SchedControl)
            {
                CheckAccount(slot);
            }
        }
        return report.First == CheckedRule.None;
    }

    /// <summary>
    /// Goes through the tree, parents before their children. Every link that is followed must be answered by one that leads
    /// back, so no slot is come to twice.
    /// </summary>
    private static bool CheckLinks()
    {
        Capability* slot = root;
        report.Capabilities = 1;
        while (slot->ChildLink != 0 || slot != root)
        {
            Capability* next;
            Capability* before = slot;
            if (slot->ChildLink != 0)
            {
                Capability* last = slot->LastChild;
                if (!IsSlot(last) || !IsSlot(last->Next))
                {
                    return false;
                }
                next = last->Next;
                if (!Require(last->IsLast && next->IsFirst, CheckedRule.TreeMarks, last))
                {
                    return false;
                }
            }
            else
            {
                if (!Ascend(ref before))
                {
                    return false;
                }
                if (before == root)
                {
                    return true;
                }
                next = before->Next;
                if (!IsSlot(next) || !Require(!next->IsFirst, CheckedRule.TreeMarks, next))
                {
                    return false;
                }
            }
            if (
                !Require(next->Previous == before, CheckedRule.TreeLinksDisagree, next)
                || !Require(!next->IsEmpty, CheckedRule.TreeEmptySlot, next)
            )
            {
                return false;
            }
            report.Capabilities++;
            slot = next;
        }
        return true;
    }

    /// <summary>From a slot without children to the nearest above it, or itself, that has a sibling behind it; or the root.</summary>
    private static bool Ascend(ref Capability* slot)
    {
        while (slot != root && slot->IsLast)
        {
            if (!slot->IsFirst && !IsSlot(slot->Next))
            {
                return false;
            }
            Capability* parent = slot->IsFirst ? slot->Previous : slot->Next->Previous;
            if (!IsSlot(parent) || !Require(parent->LastChild == slot, CheckedRule.TreeLinksDisagree, slot))
            {
                return false;
            }
            slot = parent;
        }
        return true;
    }

    private static bool IsSlot(Capability* slot) =>
        Require(IsOwned(slot, (ulong)sizeof(Capability)), CheckedRule.TreeLinkOutside, slot);

    /// <summary>
    /// What was made of one untyped lies in the order of its making. So each must begin where those before it end. Parts of
    /// a frame that is gone may share pages with each other.
    /// </summary>
    private static void CheckChildren(Capability* parent)
    {
        Capability* last = parent->LastChild;
        ulong frames = 0;
        ulong others = 0;
        for (Capability* child = last == null ? null : last->Next; child != null; )
        {
            CheckChild(parent, child);
            bool counts = parent->Type == ObjectType.Untyped && !child->SameObject(child->Previous);
            if (counts)
            {
                ulong start = StartOf(child);
                bool isFrame = KindOf(child) == ObjectType.Frame;
                bool apart = start >= others && (isFrame || start >= frames);
                Require(apart, CheckedRule.ObjectsOverlap, child);
                ref ulong end = ref isFrame ? ref frames : ref others;
                ulong ownEnd = start + BytesOf(child);
                end = ownEnd > end ? ownEnd : end;
            }
            child = child == last ? null : child->Next;
        }
    }

    /// <returns>Whether its memory may be read.</returns>
    private static bool CheckPlace(Capability* slot)
    {
        ulong bytes = BytesOf(slot);
        ulong start = StartOf(slot);
        if (bytes == 0)
        {
            return true;
        }
        if (KindOf(slot) == ObjectType.Frame)
        {
            // Device memory and other clusters' lie outside; what is inside is inside as a whole, but for what bootstrap
            // left in the pages that it shares with others.
            bool whole =
                slot->Previous == root
                || IsChildOfRoot(slot)
                || OwnedMemory.Contains(start, bytes)
                || !OwnedMemory.Overlaps(start, bytes);
            return Require(whole && start % UserLayout.PageSize == 0, CheckedRule.ObjectPlace, slot);
        }
        // The first component's table was not made of untyped memory and begins at a page.
        bool isLongTable = KindOf(slot) == ObjectType.CapTable && bytes > UserLayout.PageSize;
        ulong alignment = isLongTable ? UserLayout.PageSize : bytes;
        bool aligned = (start & (alignment - 1)) == 0;
        if (!Require(aligned && OwnedMemory.Contains(start, bytes), CheckedRule.ObjectPlace, slot))
        {
            return false;
        }
        if (slot->Type == ObjectType.Untyped)
        {
            CheckUntyped(slot, start, bytes);
        }
        return true;
    }

    /// <summary>
    /// Of what is known to be zero, what is directly above the watermark, and a few words at places that differ from run
    /// to run.
    /// </summary>
    private static void CheckUntyped(Capability* untyped, ulong start, ulong bytes)
    {
        ulong watermark = UntypedMemory.Watermark(untyped);
        ulong zeroedTo = UntypedMemory.ZeroedTo(untyped);
        if (!Require(watermark <= bytes && zeroedTo <= bytes, CheckedRule.WatermarkBeyondEnd, untyped))
        {
            return;
        }
        NoteRootUntyped(untyped);
        if (zeroedTo <= watermark)
        {
            return;
        }
        var words = (ulong*)(KernelLayout.DirectMap + start);
        ulong first = watermark / 8;
        ulong count = zeroedTo / 8 - first;
        for (ulong i = 0; i < 32 && i < count; i++)
        {
            Require(words[first + i] == 0, CheckedRule.UntypedNotZero, words + first + i);
        }
        for (int i = 0; i < 16; i++)
        {
            sample = sample * 6364136223846793005ul + 1442695040888963407ul;
            ulong index = first + (sample >> 16) % count;
            Require(words[index] == 0, CheckedRule.UntypedNotZero, words + index);
        }
    }

    private static ulong sample;

    private static void CheckChild(Capability* parent, Capability* slot)
    {
        switch (parent->Type)
        {
            case ObjectType.Untyped:
                ulong start = StartOf(slot);
                ulong given = parent->PhysicalBase + UntypedMemory.Watermark(parent);
                bool inside = start >= parent->PhysicalBase && start + BytesOf(slot) <= given;
                Require(inside, CheckedRule.ObjectOutsideParent, slot);
                return;
            case Capability.Dying:
            case ObjectType.DoorbellControl when slot->Type == ObjectType.Doorbell:
            case ObjectType.MemoryControl when KindOf(slot) == ObjectType.Frame:
            case ObjectType.IrqControl when slot->Type == ObjectType.IrqHandler:
                return;
            case ObjectType.SchedControl when KindOf(slot) == ObjectType.SchedControl:
                CheckControl(parent, slot);
                return;
            case ObjectType.IoPorts when slot->Type == ObjectType.IoPorts:
                bool ports = slot->Data >= parent->Data && slot->Data + slot->Extent <= parent->Data + parent->Extent;
                Require(ports, CheckedRule.CopyOfOther, slot);
                break;
            case ObjectType.Frame when KindOf(slot) == ObjectType.Frame:
                bool part =
                    slot->PhysicalBase >= parent->PhysicalBase
                    && slot->PhysicalBase + BytesOf(slot) <= parent->PhysicalBase + BytesOf(parent);
                Require(part, CheckedRule.CopyOfOther, slot);
                break;
            default:
                Require(slot->SameObject(parent), CheckedRule.CopyOfOther, slot);
                break;
        }
        Require(slot->Type == Capability.Dying || (slot->Rights & ~parent->Rights) == 0, CheckedRule.CopyRights, slot);
    }

    /// <summary>The kind of object, also of a slot that is being deleted.</summary>
    private static ObjectType KindOf(Capability* slot)
    {
        if (slot->Type != Capability.Dying)
        {
            return slot->Type;
        }
        return slot->Remains switch
        {
            Remains.Window => ObjectType.Frame,
            Remains.Table => ObjectType.CapTable,
            Remains.EndpointWaiters => ObjectType.Endpoint,
            Remains.NotificationWaiters => ObjectType.Notification,
            Remains.Derived => ObjectType.SchedControl,
            _ => ObjectType.None,
        };
    }

    /// <summary>The first of the capabilities to its object, which stand together.</summary>
    private static bool IsFirstToObject(Capability* slot) => !slot->SameObject(slot->Previous);

    private static void Enter(Capability* slot)
    {
        ulong marks = slot->Type == ObjectType.Endpoint ? slot->Rights & MarksMask : 0;
        Require((slot->Word & MarksMask) == marks, CheckedRule.CapabilityMarks, slot);
        // A dying table's capability has moved into the table; of one that is gone nothing remains.
        bool inPlace = slot->Type != Capability.Dying || slot->Remains != Remains.Table || slot->Object == slot;
        ObjectType kind = KindOf(slot);
        Require(inPlace && kind != ObjectType.None, CheckedRule.DyingSlot, slot);
        bool isObject =
            kind
            is (>= ObjectType.CapTable and <= ObjectType.Notification and not ObjectType.Frame)
                or ObjectType.IrqHandler;
        if (!isObject || !IsFirstToObject(slot))
        {
            return;
        }
        bool room = ObjectTable.Add(slot->Object, kind, slot, out bool isNew);
        Require(room, CheckedRule.TooManyObjects, slot);
        Require(!room || isNew, CheckedRule.CapabilitiesApart, slot);
    }

    private const ulong MarksMask = Capability.EndpointWithSend | Capability.EndpointWithReceive;

    private static ulong StartOf(Capability* slot) =>
        KindOf(slot) is ObjectType.Frame or ObjectType.Untyped
            ? slot->PhysicalBase
            : (ulong)slot->Object - KernelLayout.DirectMap;

    private const ulong NoBytes = ulong.MaxValue;

    /// <summary>Bytes of the object; 0 for kinds that are nothing but capabilities.</summary>
    private static ulong BytesOf(Capability* slot) =>
        KindOf(slot) switch
        {
            ObjectType.None => slot->Type == Capability.Dying ? 0 : NoBytes,
            ObjectType.Untyped => 1ul << (int)slot->Extent,
            ObjectType.CapTable => (ulong)DyingTables.SizeOf(slot) << Capability.SizeBits,
            ObjectType.Frame => slot->Extent * UserLayout.PageSize,
            ObjectType.AddressSpace => 1ul << AddressSpace.SizeBits,
            ObjectType.PageTable => UserLayout.PageSize,
            ObjectType.Thread => 1ul << Thread.SizeBits,
            ObjectType.SchedContext => 1ul << SchedContext.SizeBits,
            ObjectType.Endpoint => 1ul << Endpoint.SizeBits,
            ObjectType.Reply => 1ul << Reply.SizeBits,
            ObjectType.Notification => 1ul << Notification.SizeBits,
            ObjectType.Doorbell
            or ObjectType.DoorbellControl
            or ObjectType.MemoryControl
            or ObjectType.CpuControl
            or ObjectType.IoPorts
            or ObjectType.IrqControl
            or ObjectType.SchedControl => 0,
            ObjectType.IrqHandler => (ulong)sizeof(IrqHandler),
            _ => NoBytes,
        };
}
