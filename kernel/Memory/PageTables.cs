using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Memory;

/// <summary>Walks over page tables, which all lie in the cluster's own memory. Under the cluster lock.</summary>
internal static unsafe class PageTables
{
    public const int EntriesPerTable = 512;

    /// <summary>The last level; the root is level 4.</summary>
    public const int PageLevel = 1;
    public const int RootLevel = 4;

    /// <summary>The root table the CPUs run on when no thread does; its upper half is part of every address space.</summary>
    public static ulong KernelRoot;

    /// <summary>Whether the processors have pages of 1 GiB. Written once at start.</summary>
    public static bool HasGiB1 { get; set; }

    /// <summary>
    /// From an address space's root to the second one that user mode runs on with mitigations. A root lies at a multiple
    /// of four pages, so this is one bit of its address.
    /// </summary>
    public const ulong UserRootOffset = UserLayout.PageSize;

    /// <summary>What the last entry of such a root says: the tables of the doors. 0 without mitigations.</summary>
    public static ulong EntryTables;

    public static ulong RootOf(AddressSpace* space) => (ulong)space - KernelLayout.DirectMap;

    public static bool IsUserRange(ulong address, ulong bytes) =>
        address < UserLayout.UserEnd && bytes <= UserLayout.UserEnd - address;

    /// <summary>The level whose entries map pages of a size.</summary>
    public static int LevelOf(PageSize size) => PageLevel + (int)size;

    public static int IndexAt(ulong address, int level) =>
        (int)(address >> (12 + 9 * (level - 1))) & (EntriesPerTable - 1);

    /// <summary>Bytes that one entry of a level spans.</summary>
    public static ulong SpanOf(int level) => 1ul << (12 + 9 * (level - 1));

    /// <summary>
    /// Goes down to the entry for an address at a level, or to the first above it that leads no further: it is empty
    /// (then the table of the level below it is missing) or maps a large page.
    /// </summary>
    public static ulong* Descend(AddressSpace* space, ulong address, int level, out int reached)
    {
        ulong* table = (ulong*)space;
        for (int current = RootLevel; ; current--)
        {
            ulong* entry = table + IndexAt(address, current);
            var value = new PageTableEntry(*entry);
            if (current == level || !value.IsTable)
            {
                reached = current;
                return entry;
            }
            table = value.Table;
        }
    }

    /// <summary>
    /// Writes an entry of an upper level. In an address space's root it is written for user mode too, which then shares
    /// all tables below.
    /// </summary>
    public static void SetTable(AddressSpace* space, ulong* entry, ulong value)
    {
        *entry = value;
        if (EntryTables != 0 && (ulong)entry - (ulong)space < UserLayout.PageSize)
        {
            entry[UserRootOffset / sizeof(ulong)] = value;
        }
    }

    /// <summary>The kernel is the same in every address space of a cluster.</summary>
    public static void CopyKernelHalf(ulong* root)
    {
        const int bytes = EntriesPerTable * sizeof(ulong);
        var kernel = (byte*)(KernelLayout.DirectMap + KernelRoot);
        for (int i = bytes / 2; i < bytes; i += sizeof(Line))
        {
            *(Line*)((byte*)root + i) = *(Line*)(kernel + i);
        }
        root[UserRootOffset / sizeof(ulong) + EntriesPerTable - 1] = EntryTables;
    }

    /// <summary>Copied at once: entry by entry takes five times as long.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Size = 64)]
    private struct Line { }
}
