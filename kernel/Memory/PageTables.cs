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

    public static ulong RootOf(AddressSpace* space) => (ulong)space - KernelLayout.DirectMap;

    public static bool IsUserRange(ulong address, ulong bytes) =>
        address < UserLayout.UserEnd && bytes <= UserLayout.UserEnd - address;

    public static int IndexAt(ulong address, int level) =>
        (int)(address >> (12 + 9 * (level - 1))) & (EntriesPerTable - 1);

    /// <summary>Bytes that one entry of a level spans.</summary>
    public static ulong SpanOf(int level) => 1ul << (12 + 9 * (level - 1));

    /// <summary>The entry for an address at a level, or null and the level of the table that is missing.</summary>
    public static ulong* Walk(AddressSpace* space, ulong address, int level, out int missingLevel)
    {
        ulong* table = (ulong*)space;
        for (int current = RootLevel; current > level; current--)
        {
            var entry = new PageTableEntry(table[IndexAt(address, current)]);
            if (!entry.IsPresent)
            {
                missingLevel = current - 1;
                return null;
            }
            table = entry.Table;
        }
        missingLevel = 0;
        return table + IndexAt(address, level);
    }

    /// <summary>The kernel is the same in every address space of a cluster.</summary>
    public static void CopyKernelHalf(ulong* root)
    {
        var kernel = (ulong*)(KernelLayout.DirectMap + KernelRoot);
        for (int i = EntriesPerTable / 2; i < EntriesPerTable; i++)
        {
            root[i] = kernel[i];
        }
    }
}
