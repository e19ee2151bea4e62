using System;
using Skerry.Abi;
using Skerry.Abi.Boot;

namespace Skerry.Kernel.Memory;

/// <summary>
/// One word of a page table (Intel SDM vol. 3A, 4.5.4, table 4-20).
/// </summary>
/// <remarks>
/// <code>
///   63 62     52 51                      12 11   9 8 7 6 5 4   3   2  1  0
///  +--+---------+--------------------------+------+-+-+-+-+---+---+--+--+-+
///  |XD| ignored |  physical address / 4096 | avl  |G|S|D|A|PCD|PWT|US|RW|P|
///  +--+---------+--------------------------+------+-+-+-+-+---+---+--+--+-+
/// </code>
/// </remarks>
internal readonly struct PageTableEntry(ulong value)
{
    private const ulong AddressMask = 0x000f_ffff_ffff_f000;

    public ulong Value { get; } = value;

    public bool IsPresent => (Value & (ulong)PageBits.Present) != 0;

    public ulong PhysicalAddress => Value & AddressMask;

    /// <summary>The table that this entry of an upper level points to.</summary>
    public unsafe ulong* Table => (ulong*)(KernelLayout.DirectMap + PhysicalAddress);

    /// <summary>An upper entry allows everything; the last level decides.</summary>
    public static PageTableEntry ForTable(ulong physical) =>
        new(physical | (ulong)(PageBits.Present | PageBits.Write | PageBits.User));

    public static PageTableEntry ForPage(ulong physical, FrameRights rights)
    {
        PageBits bits = PageBits.Present | PageBits.User;
        if ((rights & FrameRights.Write) != 0)
        {
            bits |= PageBits.Write;
        }
        if ((rights & FrameRights.Execute) == 0)
        {
            bits |= PageBits.ExecuteDisable;
        }
        return new(physical | (ulong)bits);
    }

    public FrameRights Rights
    {
        get
        {
            FrameRights rights = FrameRights.Read;
            if ((Value & (ulong)PageBits.Write) != 0)
            {
                rights |= FrameRights.Write;
            }
            if ((Value & (ulong)PageBits.ExecuteDisable) == 0)
            {
                rights |= FrameRights.Execute;
            }
            return rights;
        }
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
