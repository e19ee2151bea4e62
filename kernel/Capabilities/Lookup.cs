using Skerry.Abi;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Capabilities;

/// <summary>From a slot index to a capability of the wanted kind. Under the cluster lock.</summary>
internal static unsafe class Lookup
{
    /// <summary>The slot itself, empty or not; null outside the table.</summary>
    public static Capability* Slot(Thread* thread, ulong index) =>
        index == 0 || index >= thread->CapabilityCount ? null : thread->Capabilities + index;

    public static Status Find(Thread* thread, ulong index, ObjectType type, out Capability* slot)
    {
        slot = Slot(thread, index);
        if (slot == null || slot->IsEmpty)
        {
            return Status.InvalidCapability;
        }
        return slot->Type == type ? Status.Ok : Status.WrongObjectType;
    }

    public static Status Find(Thread* thread, ulong index, ObjectType type, byte rights, out Capability* slot)
    {
        Status status = Find(thread, index, type, out slot);
        if (status == Status.Ok && (slot->Rights & rights) != rights)
        {
            return Status.MissingRight;
        }
        return status;
    }

    /// <summary>An empty slot of the table that a CapTable capability of the thread names; table 0 is its own.</summary>
    public static Status FindEmpty(Thread* thread, uint tableIndex, uint index, out Capability* slot)
    {
        Status status = FindTableSlot(thread, tableIndex, index, out slot);
        if (status != Status.Ok)
        {
            return status;
        }
        return slot->IsEmpty ? Status.Ok : Status.SlotOccupied;
    }

    /// <summary>Any slot but the null slot of a table.</summary>
    public static Status FindTableSlot(Thread* thread, uint tableIndex, uint index, out Capability* slot)
    {
        slot = null;
        if (tableIndex == 0)
        {
            slot = Slot(thread, index);
            return slot == null ? Status.InvalidArgument : Status.Ok;
        }
        Status status = Find(thread, tableIndex, ObjectType.CapTable, out Capability* table);
        if (status != Status.Ok)
        {
            return status;
        }
        return SlotOf(table, index, out slot);
    }

    public static Status SlotOf(Capability* table, uint index, out Capability* slot)
    {
        bool inside = index < 1ul << (int)table->Extent && index != 0;
        slot = inside ? (Capability*)table->Object + index : null;
        return inside ? Status.Ok : Status.InvalidArgument;
    }
}
