using Skerry.Abi;
using Skerry.Abi.Boot;

namespace Skerry.Kernel.Memory;

/// <summary>Zeroed pages for page tables, in the direct map.</summary>
internal unsafe interface IPageSource
{
    static abstract ulong* Take();
}

/// <summary>
/// The kernel's part of the page tables that user mode runs on with mitigations: what the processor reads while it enters
/// the kernel, and the doors until they have loaded the kernel's own root. Nothing of it is for user mode to touch, and
/// nothing else of the kernel can be reached by speculation. Built once; all address spaces share it by
/// <see cref="PageTables.EntryTables"/>.
/// </summary>
/// <remarks>The CPUs' slots and the interrupt table lie at the same addresses in the kernel's own tables.</remarks>
internal static unsafe class EntryTables<TPages>
    where TPages : struct, IPageSource
{
    public const ulong StackPages = 2;
    public const int Stacks = 5;

    /// <summary>Pages of memory that a CPU's slot shows.</summary>
    public const ulong SlotPages = 1 + Stacks * StackPages;

    private const PageBits Table = PageBits.Present | PageBits.Write;
    private const PageBits Text = PageBits.Present;
    private const PageBits Constant = PageBits.Present | PageBits.ExecuteDisable;
    private const PageBits Data = Constant | PageBits.Write;

    /// <summary>End of one of a CPU's stacks.</summary>
    public static ulong StackTop(uint cpu, int stack) => StackBase(cpu, stack) + StackPages * UserLayout.PageSize;

    private static ulong StackBase(uint cpu, int stack) =>
        KernelLayout.CpuSlot(cpu) + (2 + (ulong)stack * (StackPages + 1)) * UserLayout.PageSize;

    /// <summary>The doors, at the addresses they are linked to.</summary>
    public static void MapText(ulong* root, ulong address, ulong end, ulong physical)
    {
        for (ulong offset = 0; offset < end - address; offset += UserLayout.PageSize)
        {
            Map(root, address + offset, physical + offset, Text);
        }
    }

    public static void MapInterruptTables(ulong* root, ulong physical)
    {
        Map(root, KernelLayout.InterruptTables, physical, Constant);
        Map(root, KernelLayout.InterruptTables + UserLayout.PageSize, physical + UserLayout.PageSize, Constant);
    }

    public static void MapSlot(ulong* root, uint cpu, ulong physical)
    {
        Map(root, KernelLayout.CpuSlot(cpu), physical, Data);
        for (int stack = 0; stack < Stacks; stack++)
        {
            for (ulong page = 0; page < StackPages; page++)
            {
                physical += UserLayout.PageSize;
                Map(root, StackBase(cpu, stack) + page * UserLayout.PageSize, physical, Data);
            }
        }
    }

    private static void Map(ulong* root, ulong address, ulong physical, PageBits bits)
    {
        ulong* table = root;
        for (int level = PageTables.RootLevel; level > PageTables.PageLevel; level--)
        {
            ulong* entry = table + PageTables.IndexAt(address, level);
            if (*entry == 0)
            {
                *entry = ((ulong)TPages.Take() - KernelLayout.DirectMap) | (ulong)Table;
            }
            table = (ulong*)(KernelLayout.DirectMap + new PageTableEntry(*entry).PhysicalAddress);
        }
        table[PageTables.IndexAt(address, PageTables.PageLevel)] = physical | (ulong)bits;
    }
}
