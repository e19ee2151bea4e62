using Skerry.Abi;

namespace Skerry.Apps.KernelFuzz;

/// <summary>Where things are: in the shared capability tables, and in the address spaces of the workers.</summary>
internal static class Layout
{
    /// <summary>Every kind of object has as many slots as this in a row, from its number times this on.</summary>
    public const uint SlotsPerType = 16;
    public const int TableBits = 9;
    public const uint TableSlots = 1u << TableBits;

    /// <summary>Kinds that Retype makes, and those that the kernel gave this component.</summary>
    public const uint FirstType = (uint)ObjectType.Untyped;
    public const uint LastType = (uint)ObjectType.SchedControl;

    public const uint Tables = 2;
    public const uint Spaces = 3;

    /// <summary>Slots of this program's own table that have the shared ones, low enough for the short form of addresses.</summary>
    public const uint FirstNested = 254;

    // In the shared tables, behind what random calls are drawn from, so that they come to it seldom: for the scenes, each
    // worker's thread, context and message buffer; and the first thread's bell.

    /// <summary>Workers that are named there: those of six CPUs.</summary>
    public const uint MostNamed = 30;
    public const uint Selves = 400;
    public const uint Contexts = Selves + MostNamed;
    public const uint Buffers = Contexts + MostNamed;
    public const uint Bell = Buffers + MostNamed;

    /// <summary>The first of a CPU's workers is its pager.</summary>
    public const uint WorkersPerCpu = 5;

    /// <summary>What the workers and the supervisors share.</summary>
    public const ulong Board = UserLayout.AttachBase + 0x20_0000;
    public const ulong BoardPages = 3;

    /// <summary>Pages that nobody maps but the pagers and chance.</summary>
    public const ulong Touched = UserLayout.AttachBase + 0x40_0000;
    public const ulong TouchedPages = 64;

    /// <summary>A page with MachineCode, in each space of the workers.</summary>
    public const ulong Code = Touched + 0x10_0000;

    public static uint FirstSlot(ObjectType type) => (uint)type * SlotsPerType;

    public static ulong StackTop(uint worker) => UserLayout.StackAreaBase + (worker + 2) * UserLayout.StackSlotSize;
}
