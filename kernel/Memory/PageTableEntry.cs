using System;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Abi.Boot;

namespace Skerry.Kernel.Memory;

/// <summary>
/// One word of a page table (Intel SDM vol. 3A, 4.5.4, tables 4-15 to 4-20).
/// </summary>
/// <remarks>
/// <code>
///   63 62     52 51                      12 11   9 8 7 6 5 4   3   2  1  0
///  +--+---------+--------------------------+------+-+-+-+-+---+---+--+--+-+
///  |XD| ignored |  physical address / 4096 | avl  |G|L|D|A|PCD|PWT|US|RW|P|
///  +--+---------+--------------------------+------+-+-+-+-+---+---+--+--+-+
/// </code>
/// L is 1 in an entry of level 2 or 3 that maps a page. In one that maps 4 KiB bit 7 belongs to the memory type, as bit 12
/// does in the larger ones; both stay 0, since the four types that the kernel offers need only PCD and PWT (Processor).
/// PageAttributes has its bits where they are here: Read is P, Write is RW, Cacheability is PCD and PWT.
/// A is set from the start: nobody reads it, and the processor need not write the entry at the first access.
/// </remarks>
internal readonly struct PageTableEntry(ulong value)
{
    private const ulong AddressMask = 0x000f_ffff_ffff_f000;
    private const ulong AttributeMask =
        (ulong)(FrameRights.Read | FrameRights.Write)
        | (ulong)Cacheability.Uncached << PageAttributes.CacheabilityShift;
    private const int ExecuteToExecuteDisable = 61;

    /// <summary>
    /// The low bits of every entry that points to a table. It allows everything: the last level decides. The processor
    /// changes none of them, so one compare tells such an entry from an empty one and from a page.
    /// </summary>
    public const byte TableBits = (byte)(PageBits.Present | PageBits.Write | PageBits.User | PageBits.Accessed);

    public const ulong PageBitsAlways = (ulong)(PageBits.User | PageBits.Accessed);

    public ulong Value { get; } = value;

    public bool IsPresent => (Value & (ulong)PageBits.Present) != 0;

    /// <summary>Of an entry above level 1.</summary>
    public bool IsTable => (byte)Value == TableBits;

    public ulong PhysicalAddress => Value & AddressMask;

    /// <summary>The table that this entry of an upper level points to.</summary>
    public unsafe ulong* Table => (ulong*)(KernelLayout.DirectMap - TableBits + Value);

    public static PageTableEntry ForTable(ulong physical) => new(physical | TableBits);

    public static PageTableEntry ForPage(ulong physical, PageAttributes attributes)
    {
        ulong value = physical | (attributes.Value & AttributeMask) | PageBitsAlways;
        value |= (~attributes.Value & (ulong)FrameRights.Execute) << ExecuteToExecuteDisable;
        return new(attributes.Size == PageSize.KiB4 ? value : value | (ulong)PageBits.Large);
    }

    /// <summary>Of a page of 4 KiB, write-back; the rights hold Read, and nothing is set but rights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PageTableEntry ForPlainPage(ulong physical, ulong rights)
    {
        // User is set in any case, where Execute has its bit.
        ulong executeDisable = ((rights ^ (ulong)FrameRights.Execute) >> 2) << 63;
        return new(physical | rights | PageBitsAlways | executeDisable);
    }

    /// <summary>Maps the same page, in whatever way; a table is no page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ShowsSamePageAs(PageTableEntry other) =>
        ((Value ^ other.Value) & (AddressMask | (ulong)PageBits.Large)) == 0;

    /// <summary>Maps the same page in the same way; whether it was written to does not count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(PageTableEntry other) => ((Value ^ other.Value) & ~(ulong)PageBits.Dirty) == 0;

    /// <summary>Of an entry that maps a page at this level.</summary>
    public PageAttributes AttributesAt(int level)
    {
        ulong execute = ~(Value >> ExecuteToExecuteDisable) & (ulong)FrameRights.Execute;
        ulong size = (ulong)(level - PageTables.PageLevel) << PageAttributes.SizeShift;
        return new((uint)((Value & AttributeMask) | execute | size));
    }
}

[Flags]
internal enum PageBits : ulong
{
    None = 0,
    Present = 1 << 0,
    Write = 1 << 1,
    User = 1 << 2,
    WriteThrough = 1 << 3,
    CacheDisable = 1 << 4,
    Accessed = 1 << 5,
    Dirty = 1 << 6,
    Large = 1 << 7,
    Global = 1 << 8,
    ExecuteDisable = 1ul << 63,
}
