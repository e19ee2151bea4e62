using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Startup;

/// <summary>Maps core's first pages, with page tables from boot memory. Nobody else has page tables made for them.</summary>
internal static unsafe class InitialMapping
{
    public static void Map(AddressSpace* space, ulong address, ulong physical, ulong pages, FrameRights rights)
    {
        for (ulong i = 0; i < pages; i++)
        {
            ulong offset = i * UserLayout.PageSize;
            ulong* entry = Entry(space, address + offset);
            *entry = PageTableEntry.ForPage(physical + offset, PageAttributes.Of(rights)).Value;
        }
    }

    private static ulong* Entry(AddressSpace* space, ulong address)
    {
        while (true)
        {
            ulong* entry = PageTables.Descend(space, address, PageTables.PageLevel, out int reached);
            if (reached == PageTables.PageLevel)
            {
                return entry;
            }
            ulong table = (ulong)BootMemory.Take(UserLayout.PageSize, UserLayout.PageSize) - KernelLayout.DirectMap;
            PageTables.SetTable(space, entry, PageTableEntry.ForTable(table).Value);
        }
    }
}
