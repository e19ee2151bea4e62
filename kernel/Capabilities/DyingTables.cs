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
/// They are emptied in the order in which they came, and counted as they come and as they go. A call that adds some waits until
/// as many are gone as had come with its last one, and for none that came later, whoever added it: so they end, whatever
/// others do meanwhile. A call that adds none waits for none: what it deletes or revokes it finds by the derivation tree, in
/// whatever table that lies, and a table that was left half empty is its owner's to pay for. A table whose last capability lay in one
/// that is being emptied comes before that, and counts as a part of it.
/// <code>
///   63                         32 31                         0
///  +-----------------------------+----------------------------+
///  |   link to the next table    |    next slot to delete     |  data of slot 0
///  +-----------------------------+----------------------------+
///   24                              6     5     4                 0
///  +----------------------------------+--------+-------------------+
///  |                0                 |  part  |  log2 of its size |  extent of slot 0
///  +----------------------------------+--------+-------------------+
/// </code>
/// </remarks>
internal static unsafe class DyingTables
{
    /// <summary>Empty slots passed in one step.</summary>
    private const uint MostEmptySlots = 128;

    private const int LinkShift = 32;

    private const uint SizeMask = 0x1f;

    /// <summary>It lay in a table that was being emptied, and goes before that.</summary>
    private const uint Part = 1 << 5;

    private static Capability* first;
    private static Capability* last;

    /// <summary>The one that a step is emptying.</summary>
    private static Capability* emptying;

    /// <summary>Tables that have come since the kernel began, but for parts of others.</summary>
    private static ulong come;

    /// <summary>And those that are gone.</summary>
    private static ulong gone;

    /// <summary>How many have come until now.</summary>
    public static ulong Come => come;

    public static bool Any => first != null;

    /// <summary>
    /// A call's mark, that is how many must be gone for it to end, behind a step: all that have come, if the step has added some
    /// (<paramref name="before"/>: how many had come); else the mark that it had.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MarkSince(ulong before, ulong mark) => come == before ? mark : come;

    /// <summary>Whether what a call waits for is gone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOver(ulong mark) => gone >= mark;

    /// <summary>Slots of the table that a capability designates, be it one of them or not.</summary>
    public static uint SizeOf(Capability* table) => 1u << (int)(table->Extent & SizeMask);

    /// <summary>Empties the slot, which holds the last capability to a table.</summary>
    public static void Adopt(Capability* slot)
    {
        var table = (Capability*)slot->Object;
        uint size = slot->Extent;
        if (emptying != null)
        {
            Write(table, size | Part, Capability.LinkTo(first));
            first = table;
        }
        else
        {
            come++;
            Write(table, size, 0);
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

    private static void Write(Capability* table, uint extent, ulong link) =>
        table->Write(Capability.Dying, (byte)Remains.Table, (ulong)table, (link << LinkShift) | 1, extent);

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
            gone += (table->Extent & Part) == 0 ? 1u : 0;
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
