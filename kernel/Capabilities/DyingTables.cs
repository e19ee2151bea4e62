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
/// They are emptied in the order in which they came, and each has a number. A call that adds some waits for those up to its
/// last one, a revoke for those that are there when it has taken everything; and for none that came later, whoever added it:
/// so they end, whatever others do meanwhile, unless half a million tables die while one waits. A table whose last
/// capability lay in one that is being emptied comes before that, with the same number.
/// <code>
///   63                         32 31                         0
///  +-----------------------------+----------------------------+
///  |   link to the next table    |    next slot to delete     |  data of slot 0
///  +-----------------------------+----------------------------+
///   24                                   5 4                 0
///  +--------------------------------------+-------------------+
///  |                number                |  log2 of its size |  extent of slot 0
///  +--------------------------------------+-------------------+
/// </code>
/// </remarks>
internal static unsafe class DyingTables
{
    /// <summary>Empty slots passed in one step.</summary>
    private const uint MostEmptySlots = 128;

    private const int LinkShift = 32;

    private const int NumberShift = 5;
    private const uint SizeMask = (1u << NumberShift) - 1;

    private static Capability* first;
    private static Capability* last;

    /// <summary>The one that a step is emptying.</summary>
    private static Capability* emptying;

    private static uint lastNumber;

    /// <summary>Of the table that came last, but for those that others held. Begins anew after a million.</summary>
    public static uint LastNumber => lastNumber;

    public static bool Any => first != null;

    /// <summary>Whether none is left of those up to a number.</summary>
    private static bool AreGone(uint number) => !Any || Sequence.IsLater(NumberOf(first), number);

    /// <summary>The mark (Sequence) of a call that found this number as the last, and had that mark; later if it has added tables.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MarkSince(uint before, uint mark) => lastNumber == before ? mark : Sequence.MarkOf(lastNumber);

    /// <summary>The mark of a call that waits for all that are there; 0 if there are none.</summary>
    public static uint MarkNow => Any ? Sequence.MarkOf(lastNumber) : 0;

    /// <summary>Whether what a call waits for is gone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOver(uint mark) => mark == 0 || AreGone(mark);

    /// <summary>Slots of the table that a capability designates, be it one of them or not.</summary>
    public static uint SizeOf(Capability* table) => 1u << (int)(table->Extent & SizeMask);

    private static uint NumberOf(Capability* table) => table->Extent >> NumberShift;

    /// <summary>Empties the slot, which holds the last capability to a table.</summary>
    public static void Adopt(Capability* slot)
    {
        var table = (Capability*)slot->Object;
        uint size = slot->Extent;
        if (emptying != null)
        {
            ulong link = Capability.LinkTo(first);
            uint number = NumberOf(emptying);
            Write(table, size, number, link);
            first = table;
        }
        else
        {
            lastNumber = Sequence.Next(lastNumber);
            Write(table, size, lastNumber, 0);
            if (first == null)
            {
                first = table;
            }
            else
            {
                last->Data |= (ulong)Capability.LinkTo(table) << LinkShift;
            }
            last = table;
        }
        DerivationTree.Replace(slot, table);
        slot->Clear();
    }

    private static void Write(Capability* table, uint size, uint number, ulong link) =>
        table->Write(
            Capability.Dying,
            (byte)Remains.Table,
            (ulong)table,
            (link << LinkShift) | 1,
            (number << NumberShift) | size
        );

    /// <summary>A bounded part of what there is to do.</summary>
    public static void Step(Cpu* cpu)
    {
        Capability* table = first;
        var index = (uint)table->Data;
        uint end = SizeOf(table);
        uint limit = end - index > MostEmptySlots ? index + MostEmptySlots : end;
        while (index < limit && table[index].IsEmpty)
        {
            index++;
        }
        if (index == end)
        {
            var link = (uint)(table->Data >> LinkShift);
            first = link == 0 ? null : Capability.At(link);
            last = link == 0 ? null : last;
            DerivationTree.Remove(table);
            table->Clear();
            Revocation.ForgetTable(table, end);
            return;
        }
        if (index < limit)
        {
            emptying = table;
            index += Deletion.DeleteOne(cpu, table + index) ? 1u : 0;
            emptying = null;
        }
        // What it held may have come to stand before it in the list, but it itself is still there.
        table->Data = (table->Data >> LinkShift << LinkShift) | index;
    }
}
