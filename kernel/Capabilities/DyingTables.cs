using Skerry.Abi;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// Capability tables whose last capability is gone and whose slots are still to be deleted. That capability moves into slot
/// 0 of the table itself, which holds nothing otherwise: there it keeps its place in the derivation tree, and with it the
/// table's memory, until all slots are empty. So tables that hold each other, to any depth, are emptied without recursion.
/// Under the cluster lock.
/// </summary>
/// <remarks>
/// <code>
///   63                         32 31                         0
///  +-----------------------------+----------------------------+
///  |   link to the next table    |    next slot to delete     |  data of slot 0
///  +-----------------------------+----------------------------+
/// </code>
/// </remarks>
internal static unsafe class DyingTables
{
    /// <summary>Empty slots passed in one step.</summary>
    private const uint MostEmptySlots = 128;

    private const int LinkShift = 32;

    private static Capability* first;

    public static bool Any => first != null;

    /// <summary>Empties the slot, which holds the last capability to a table.</summary>
    public static void Adopt(Capability* slot)
    {
        var table = (Capability*)slot->Object;
        ulong link = first == null ? 0 : Capability.LinkTo(first);
        table->Write(Capability.Dying, (byte)Remains.Table, (ulong)table, (link << LinkShift) | 1, slot->Extent);
        DerivationTree.Replace(slot, table);
        slot->Clear();
        first = table;
    }

    /// <summary>A bounded part of what there is to do.</summary>
    public static void Step(Cpu* cpu)
    {
        Capability* table = first;
        var index = (uint)table->Data;
        uint end = 1u << (int)table->Extent;
        uint limit = end - index > MostEmptySlots ? index + MostEmptySlots : end;
        while (index < limit && table[index].IsEmpty)
        {
            index++;
        }
        if (index == end)
        {
            var link = (uint)(table->Data >> LinkShift);
            first = link == 0 ? null : Capability.At(link);
            DerivationTree.Remove(table);
            table->Clear();
            Revocation.ForgetTable(table, end);
            return;
        }
        if (index < limit && Deletion.DeleteOne(cpu, table + index))
        {
            index++;
        }
        // What it held may have come to stand before it in the list, but it itself is still there.
        table->Data = (table->Data >> LinkShift << LinkShift) | index;
    }
}
