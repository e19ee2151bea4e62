using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Capabilities;

/// <summary>From a capability address to a slot, and to a capability of the wanted kind. Under the cluster lock.</summary>
/// <remarks>
/// <code>
///   63                          32 31          24 23          0
///  +------------------------------+-------------+-------------+
///  |              0               |      0      |    slot     |  in the thread's own table
///  +------------------------------+-------------+-------------+
///  |         slot (not 0)         |  slot of a CapTable       |  in that table
///  +------------------------------+-------------+-------------+
///  |              0               |slot of a    |    slot     |  the same, where an operand is half a word: the table's
///  |                              |CapTable     |             |  capability lies in one of the slots 1 to 255
///  +------------------------------+-------------+-------------+
/// </code>
/// No table has more than 2^24 slots, so that the three do not overlap.
/// </remarks>
internal static unsafe class Lookup
{
    private const int OuterShift = 24;
    private const ulong InnerMask = (1ul << OuterShift) - 1;
    private const int NestedShift = 32;

    /// <summary>The slot itself, empty or not; null if there is none: <see cref="Refusal"/> says why.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Capability* Slot(Thread* thread, ulong address) =>
        address != 0 && address < thread->CapabilityCount
            ? thread->Capabilities + address
            : NestedSlot(thread, address);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Capability* NestedSlot(Thread* thread, ulong address) =>
        Nested(thread, address, out Capability* slot) == Status.Ok ? slot : null;

    private static Status Nested(Thread* thread, ulong address, out Capability* slot)
    {
        slot = null;
        ulong outer = (uint)address;
        ulong inner = address >> NestedShift;
        if (inner == 0)
        {
            outer = address >> OuterShift;
            inner = address & InnerMask;
        }
        if (outer == 0 || inner == 0)
        {
            return Status.InvalidCapability;
        }
        if (outer >= thread->CapabilityCount)
        {
            return Status.MissingTable;
        }
        Capability* table = thread->Capabilities + outer;
        if (table->Type != ObjectType.CapTable)
        {
            return table->Type switch
            {
                ObjectType.None => Status.MissingTable,
                Capability.Dying => Status.BeingDeleted,
                _ => Status.NotATable,
            };
        }
        if (inner >> (int)table->Extent != 0)
        {
            return Status.InvalidCapability;
        }
        slot = (Capability*)table->Object + inner;
        return Status.Ok;
    }

    public static Status Find(Thread* thread, ulong address, ObjectType type, out Capability* slot)
    {
        slot = Slot(thread, address);
        return slot != null && slot->Type == type ? Status.Ok : Refusal(thread, address, slot);
    }

    /// <summary>Why a slot, or the lack of one, is not what was wanted.</summary>
    public static Status Refusal(Thread* thread, ulong address, Capability* slot)
    {
        if (slot == null)
        {
            return Nested(thread, address, out _);
        }
        return slot->Type switch
        {
            ObjectType.None => Status.InvalidCapability,
            Capability.Dying => Status.BeingDeleted,
            _ => Status.WrongObjectType,
        };
    }

    public static Status Find(Thread* thread, ulong address, ObjectType type, byte rights, out Capability* slot)
    {
        Status status = Find(thread, address, type, out slot);
        if (status == Status.Ok && (slot->Rights & rights) != rights)
        {
            return Status.MissingRight;
        }
        return status;
    }

    /// <summary>An empty slot of the table that a CapTable capability of the thread names; table 0 is its own.</summary>
    public static Status FindEmpty(Thread* thread, uint table, uint index, out Capability* slot)
    {
        Status status = FindTableSlot(thread, table, index, out slot);
        if (status != Status.Ok)
        {
            return status;
        }
        return slot->IsEmpty ? Status.Ok : Status.SlotOccupied;
    }

    /// <summary>Any slot but the null slot of a table.</summary>
    public static Status FindTableSlot(Thread* thread, uint table, uint index, out Capability* slot) =>
        FindSlots(thread, table, index, 1, out slot);

    /// <summary>That many slots in a row of a table, without the null slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Status FindSlots(Thread* thread, uint table, uint index, uint count, out Capability* slots)
    {
        if (table != 0)
        {
            return FindSlotsOf(thread, table, index, count, out slots);
        }
        slots = thread->Capabilities + index;
        return IsRange(index, count, thread->CapabilityCount) ? Status.Ok : Status.InvalidArgument;
    }

    private static Status FindSlotsOf(Thread* thread, uint table, uint index, uint count, out Capability* slots)
    {
        Status status = Find(thread, table, ObjectType.CapTable, out Capability* named);
        if (status != Status.Ok)
        {
            slots = null;
            return status;
        }
        slots = (Capability*)named->Object + index;
        return IsRange(index, count, 1ul << (int)named->Extent) ? Status.Ok : Status.InvalidArgument;
    }

    private static bool IsRange(uint index, uint count, ulong end) => index != 0 && (ulong)index + count <= end;

    /// <summary>Any slot but the null slot of the thread's own table; null outside of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Capability* OwnSlot(Thread* thread, uint index) =>
        index != 0 && index < thread->CapabilityCount ? thread->Capabilities + index : null;

    /// <summary>Any slot but the null slot of a table; null outside of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Capability* SlotOf(Capability* table, uint index) =>
        index != 0 && index >> (int)table->Extent == 0 ? (Capability*)table->Object + index : null;
}
