using System.Numerics;
using System.Runtime.CompilerServices;
using Skerry.Abi;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// Capability tables whose last capability is gone and whose slots are still to be deleted. That capability moves into slot
/// 0 of the table itself, which holds nothing otherwise: there it keeps its place in the derivation tree, and with it the
/// table's memory, until all slots are empty. So tables that hold each other, to any depth, are emptied without recursion.
/// Under the cluster lock.
/// </summary>
/// <remarks>
/// Those that a call puts aside stand in a ring (TableRings). The call waits for all of that, and for no other table: what
/// another has begun to delete and left is not its business. For when it is made again the ring has one place, by which it is
/// found: the slot that is deleted, which says that it has begun (Deletion), or of all other calls the thread's own
/// (Thread.PutAside). So whoever deletes that slot goes on with it, and so does that thread in its next call that puts tables
/// aside or revokes. A ring that has lost its place, as the thread is gone say, is nobody's: its tables keep their memory by
/// their places in the tree, and who revokes that empties them.
///
/// A table whose last capability lay in one that is being emptied is an inner one: it stands before that in the ring, which
/// waits for it. One that is empty goes to the end of the ring and keeps its memory until all of the ring are empty: so what
/// is emptied meanwhile is not made anew of that, and who waits for the ring waits for what the memory there is holds, once.
/// <code>
///   24                                                       0
///  +----------------------------------------------------------+
///  |        number of its slots + next slot to delete         |  extent of slot 0
///  +----------------------------------------------------------+
/// </code>
/// The number of slots is a power of two and the other is less, so the highest bit says which. The next is never slot 0: that
/// says that all are empty.
/// </remarks>
internal static unsafe class DyingTables
{
    /// <summary>Empty slots passed in one step.</summary>
    private const uint MostEmptySlots = 128;

    /// <summary>
    /// Of the ring of the call under way: its place, or if it has none a table with no inner one before it. Null: none was put
    /// aside, or no call is under way that could.
    /// </summary>
    private static Capability* own;

    /// <summary>The one that a step is emptying.</summary>
    private static Capability* emptying;

    /// <summary>What is put aside from now on comes into this place's ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Begin(Capability* place) => own = place;

    /// <summary>The call under way ends, or gives way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void End() => own = null;

    /// <summary>Whether a call that has not named a place (<see cref="Begin"/>) has put a table aside.</summary>
    public static bool HavePlaceless => own != null;

    /// <summary>Whether the call under way waits for some.</summary>
    public static bool AreLeft => FirstOwn() != null;

    /// <returns>Of those that the call under way waits for one with no inner one before it; null: all are gone.</returns>
    private static Capability* FirstOwn()
    {
        if (own == null || IsOne(own))
        {
            return own;
        }
        // There is no other place in the ring.
        Capability* next = TableRings.Next(own);
        return next == own ? null : next;
    }

    /// <summary>Whether a slot is the first of a dying table.</summary>
    public static bool IsOne(Capability* slot) =>
        slot->Type == Capability.Dying && slot->Remains is Remains.Table or Remains.InnerTable;

    private static bool IsInner(Capability* slot) =>
        slot->Type == Capability.Dying && slot->Remains == Remains.InnerTable;

    private static bool IsEmpty(Capability* table) => IsOne(table) && BitOperations.IsPow2(table->Extent);

    /// <summary>Slots of the table that a capability designates, be it one of them or not.</summary>
    public static uint SizeOf(Capability* table) =>
        table->Type == Capability.Dying ? SizeIn(table->Extent) : 1u << (int)table->Extent;

    private static uint SizeIn(uint extent) => 1u << BitOperations.Log2(extent);

    /// <summary>Empties the slot, which holds the last capability to a table.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Adopt(Capability* slot)
    {
        var table = (Capability*)slot->Object;
        uint extent = (1u << (int)slot->Extent) + 1;
        // Before which it stands; none: behind the place.
        Capability* outer =
            emptying != null ? emptying
            : own != null && IsOne(own) ? own
            : null;
        Remains remains = outer != null ? Remains.InnerTable : Remains.Table;
        table->Write(Capability.Dying, (byte)remains, (ulong)table, 0, extent);
        DerivationTree.Replace(slot, table);
        slot->Clear();
        if (outer != null || own != null)
        {
            TableRings.Join(outer != null ? TableRings.Previous(outer) : own, table);
        }
        own = own == outer ? table : own;
    }

    /// <summary>
    /// Makes the slot, which the call under way has emptied, the place of its ring, so that nothing comes into it meanwhile, and
    /// the call made again finds that it has begun.
    /// </summary>
    public static void Hold(Capability* slot)
    {
        slot->BeginDying(Remains.Nothing);
        TableRings.Join(TableRings.Previous(own), slot);
        own = slot;
    }

    /// <summary>
    /// Empties such a slot, as the table is being emptied in which it lies: who does that waits for what was put aside there.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void TakeOver(Capability* slot)
    {
        Capability* first = TableRings.Next(slot);
        Capability* last = TableRings.Previous(slot);
        // The place of its own ring, if it has one: so any other is of another ring.
        bool isOther = own != slot && last != slot;
        Leave(slot);
        slot->Clear();
        if (!isOther)
        {
            return;
        }
        if (!AreLeft)
        {
            // What is being emptied is in nobody's ring, or in another's.
            TakeAll(first, last);
            return;
        }
        last->BeginDying(Remains.InnerTable);
        TableRings.Join(TableRings.Previous(emptying), last);
        own = own == emptying ? first : own;
    }

    private static void TakeAll(Capability* first, Capability* last)
    {
        if (own == null)
        {
            own = first;
            return;
        }
        TableRings.Join(own, last);
    }

    /// <summary>A table is gone, or a place: the others of its ring, if there are any, stay behind.</summary>
    public static void Leave(Capability* slot)
    {
        Capability* next = TableRings.Next(slot);
        TableRings.Leave(slot);
        if (own == slot)
        {
            own = next == slot ? null : next;
        }
    }

    /// <summary>A bounded part of what there is to do for the call under way. Some are left.</summary>
    public static void StepOwn(Cpu* cpu)
    {
        Capability* first = FirstOwn();
        if (!IsEmptied(cpu, first))
        {
            return;
        }
        Capability* next = TableRings.Next(first);
        if (next == first || next == own || IsEmpty(next))
        {
            // So are all others of the ring, which wait for this one.
            Remove(first);
            return;
        }
        PutLast(first);
    }

    /// <summary>The same for a table that lies in the way of a revoke, whoever has put it aside; its own come first.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StepFor(Cpu* cpu, Capability* table)
    {
        if (AreLeft)
        {
            StepOwn(cpu);
            return;
        }
        if (!IsEmptied(cpu, table))
        {
            return;
        }
        Capability* inner = TableRings.Previous(table);
        if (!IsInner(inner))
        {
            Remove(table);
            return;
        }
        if (IsEmptied(cpu, inner))
        {
            // It waits behind the other, and keeps its memory.
            TableRings.Leave(inner);
            TableRings.Join(table, inner);
            inner->BeginDying(Remains.Table);
        }
    }

    /// <summary>The first of the ring of the call under way waits for all others.</summary>
    private static void PutLast(Capability* first)
    {
        first->BeginDying(Remains.Table);
        if (own == first)
        {
            own = TableRings.Next(first);
            return;
        }
        TableRings.Leave(own);
        TableRings.Join(first, own);
    }

    private static void Remove(Capability* table)
    {
        uint size = SizeIn(table->Extent);
        Leave(table);
        DerivationTree.Remove(table);
        table->Clear();
        Revocation.ForgetTable(table, size);
    }

    /// <summary>Passes some empty slots, and takes a step for the first that is not; nothing if the table is empty.</summary>
    /// <returns>Whether it was empty.</returns>
    private static bool IsEmptied(Cpu* cpu, Capability* table)
    {
        if (IsEmpty(table))
        {
            return true;
        }
        uint end = SizeIn(table->Extent);
        uint index = table->Extent - end;
        uint limit = end - index > MostEmptySlots ? index + MostEmptySlots : end;
        while (index < limit && table[index].IsEmpty)
        {
            index++;
        }
        if (index < limit)
        {
            emptying = table;
            index += Deletion.DeleteOne(cpu, table + index) ? 1u : 0;
            emptying = null;
        }
        table->SetExtent(index < end ? end + index : end);
        return false;
    }
}
