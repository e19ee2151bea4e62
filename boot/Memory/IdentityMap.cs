using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Layout;

namespace Skerry.Boot.Memory;

/// <summary>
/// The map that bootstrap itself runs on, physical = virtual: made from the first one, which maps 4 GiB with all rights.
/// Afterwards nothing is both writable and executable, address 0 is not mapped, the local APIC is uncached, and all
/// usable memory can be reached.
/// </summary>
public readonly unsafe struct IdentityMap(PhysicalMemory memory, IdentityMapTables tables, bool hasHugePages)
{
    public const int PageTables = BootLayout.PageTables;

    private const ulong HugePage = 1 << 30;
    private const ulong Entries = 512;
    private const ulong FirstReach = 4 * HugePage;
    private const PageRights Data = PageRights.Present | PageRights.Writable | PageRights.NoExecute;
    private const PageRights Device = Data | PageRights.CacheDisable | PageRights.WriteThrough;

    /// <summary>First address that can't be mapped: 512 GiB, or as far as there are page directories.</summary>
    public ulong Reach => hasHugePages ? Entries * HugePage : tables.DirectoryCount * HugePage;

    /// <summary>Bootstrap's image is text, then read-only data, then data, each from a page's start.</summary>
    public void Narrow(ulong imageStart, ulong textEnd, ulong rodataEnd, ulong imageEnd, ulong localApic)
    {
        for (ulong address = 0; address < FirstReach; address += PhysicalMemory.LargePage)
        {
            bool isDevice = address == (localApic & ~(PhysicalMemory.LargePage - 1));
            SetDirectory(address, address | (ulong)((isDevice ? Device : Data) | PageRights.Large));
        }
        for (
            ulong start = 0;
            start < imageEnd && start < (ulong)PageTables * PhysicalMemory.LargePage;
            start += PhysicalMemory.LargePage
        )
        {
            ulong table = tables.PageTables + start / PhysicalMemory.LargePage * PhysicalMemory.PageSize;
            for (ulong page = start; page < start + PhysicalMemory.LargePage; page += PhysicalMemory.PageSize)
            {
                ulong entry = page | (ulong)RightsOf(page, imageStart, textEnd, rodataEnd);
                Write(table, page / PhysicalMemory.PageSize % Entries, page == 0 ? 0 : entry);
            }
            SetDirectory(start, table | (ulong)(PageRights.Present | PageRights.Writable));
        }
    }

    /// <summary>Adds what is beyond 4 GiB. What can't be reached is taken out of the set.</summary>
    /// <returns>Bytes that were taken out.</returns>
    public ulong Extend(ref RangeSet usable)
    {
        ReadOnlySpan<PhysicalRange> ranges = usable.Ranges;
        ulong lost = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            ulong end = ranges[i].Base + ranges[i].Length;
            if (end > Reach)
            {
                lost += end - (ranges[i].Base > Reach ? ranges[i].Base : Reach);
            }
            for (
                ulong address = ranges[i].Base & ~(HugePage - 1);
                address < end && address < Reach;
                address += HugePage
            )
            {
                if (address >= FirstReach)
                {
                    MapGigabyte(address);
                }
            }
        }
        usable.Remove(Reach, ulong.MaxValue);
        return lost;
    }

    private void MapGigabyte(ulong address)
    {
        if (hasHugePages)
        {
            Write(tables.PointerTable, address / HugePage, address | (ulong)(Data | PageRights.Large));
            return;
        }
        for (ulong page = address; page < address + HugePage; page += PhysicalMemory.LargePage)
        {
            SetDirectory(page, page | (ulong)(Data | PageRights.Large));
        }
        ulong directory = tables.Directories + address / HugePage * PhysicalMemory.PageSize;
        Write(tables.PointerTable, address / HugePage, directory | (ulong)(PageRights.Present | PageRights.Writable));
    }

    private static PageRights RightsOf(ulong page, ulong imageStart, ulong textEnd, ulong rodataEnd)
    {
        if (page < imageStart || page >= rodataEnd)
        {
            return Data;
        }
        return page < textEnd ? PageRights.Present : PageRights.Present | PageRights.NoExecute;
    }

    /// <summary>The directories lie one behind the other, so that an entry's index is the address in units of 2 MiB.</summary>
    private void SetDirectory(ulong address, ulong entry) =>
        Write(tables.Directories, address / PhysicalMemory.LargePage, entry);

    private void Write(ulong table, ulong index, ulong entry) => ((ulong*)memory.At(table))[index] = entry;
}

/// <summary>Where the tables are that an identity map is made of.</summary>
public struct IdentityMapTables
{
    public ulong PointerTable;
    public ulong Directories;
    public ulong DirectoryCount;

    /// <summary>As many as <see cref="IdentityMap.PageTables"/>, for the first MiBs.</summary>
    public ulong PageTables;
}
