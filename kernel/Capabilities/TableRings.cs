using System.Runtime.CompilerServices;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// Rings of slots, linked in their data: dying tables that are waited for together, and the place by which they are found
/// (DyingTables). Any of them can be taken out, whatever stands beside it. Under the cluster lock.
/// </summary>
/// <remarks>
/// <code>
///   63                         32 31                         0
///  +-----------------------------+----------------------------+
///  |       link to the one       |      link to the one       |  data; 0: alone
///  |          before it          |         behind it          |
///  +-----------------------------+----------------------------+
/// </code>
/// </remarks>
internal static unsafe class TableRings
{
    private const int PreviousShift = 32;

    /// <summary>Itself if it is alone.</summary>
    public static Capability* Next(Capability* slot) => slot->Data == 0 ? slot : Capability.At((uint)slot->Data);

    /// <summary>Itself if it is alone.</summary>
    public static Capability* Previous(Capability* slot) =>
        slot->Data == 0 ? slot : Capability.At((uint)(slot->Data >> PreviousShift));

    /// <summary>
    /// Two rings, each of which may be one slot, become one: behind the slot comes the other ring, with this one as its last.
    /// </summary>
    public static void Join(Capability* slot, Capability* last)
    {
        Capability* next = Next(slot);
        Capability* first = Next(last);
        Link(slot, first);
        Link(last, next);
    }

    public static void Leave(Capability* slot)
    {
        Capability* next = Next(slot);
        Capability* previous = Previous(slot);
        slot->Data = 0;
        if (next == previous)
        {
            next->Data = 0;
            return;
        }
        Link(previous, next);
    }

    /// <summary>For the checked kernel: its neighbours name it.</summary>
    public static bool IsWhole(Capability* slot) => Previous(Next(slot)) == slot && Next(Previous(slot)) == slot;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Link(Capability* slot, Capability* behind)
    {
        slot->Data = (slot->Data >> PreviousShift << PreviousShift) | Capability.LinkTo(behind);
        behind->Data = ((ulong)Capability.LinkTo(slot) << PreviousShift) | (uint)behind->Data;
    }
}
