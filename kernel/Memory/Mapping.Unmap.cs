using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Memory;

/// <summary>Taking a window's pages out, in steps of bounded length.</summary>
/// <remarks>
/// A mapped Frame capability's data:
/// <code>
///   63            47 46                    12 11       0
///  +----------------+------------------------+----------+
///  | regions done   |    window's address    |    0     |
///  +----------------+------------------------+----------+
/// </code>
/// Regions done counts the regions of 2 MiB, from the one that the window begins in, that an unmapping which is not
/// finished has behind it. Until somebody finishes it, by Unmap or by deleting the capability, nothing can be mapped.
/// </remarks>
internal static unsafe partial class Mapping
{
    private const int ProgressShift = 47;
    private const ulong RegionBytes = 1ul << AddressSpaceMapping.RegionShift;

    /// <summary>Entries that one step looks at, and at most as many again to the end of a table.</summary>
    private const ulong EntriesPerStep = PageTables.EntriesPerTable;

    /// <summary>Where page 0 of a mapped frame has its place.</summary>
    public static ulong WindowOf(Capability* frame) => frame->Data & ((1ul << ProgressShift) - 1);

    public static bool IsUnmapping(Capability* frame) => frame->Data >> ProgressShift != 0;

    /// <summary>Takes all pages of the capability's window out of its address space and forgets the window.</summary>
    public static void UnmapWindow(Cpu* cpu, Capability* frame)
    {
        while (!UnmapStep(cpu, frame)) { }
    }

    /// <summary>
    /// Goes on unmapping the window for a bounded time. True: nothing is left, no CPU has it cached, and the window is
    /// forgotten. False: to be called again, at any later time; every call comes further.
    /// </summary>
    public static bool UnmapStep(Cpu* cpu, Capability* frame)
    {
        AddressSpace* space = frame->MappedIn;
        if (space == null)
        {
            frame->SetMapping(null, 0);
            return true;
        }
        ulong window = WindowOf(frame);
        ulong progress = frame->Data >> ProgressShift;
        ulong address = progress == 0 ? window : (window / RegionBytes + progress) * RegionBytes;
        ulong end = window + frame->Extent * UserLayout.PageSize;
        // What earlier steps took out is flushed at the end, with the rest.
        bool changed = progress != 0;
        ulong looked = 0;
        while (address < end)
        {
            if (looked >= EntriesPerStep)
            {
                // A walk ends at the end of a page table or of something larger, so here a region begins.
                ulong done = address / RegionBytes - window / RegionBytes;
                frame->SetMapping(space, window | (done << ProgressShift));
                return false;
            }
            changed |= ClearTable(space, frame, end, ref address, ref looked);
        }
        frame->SetMapping(null, 0);
        if (changed)
        {
            TranslationCache.FlushPages(cpu, space, window, (end - window) / UserLayout.PageSize, UserLayout.PageSize);
        }
        return true;
    }

    /// <summary>
    /// Clears the entries from an address to the end of their page table, or the large page there, or passes over what
    /// has no table. Answers whether an entry changed.
    /// </summary>
    private static bool ClearTable(
        AddressSpace* space,
        Capability* frame,
        ulong end,
        ref ulong address,
        ref ulong looked
    )
    {
        ulong window = WindowOf(frame);
        ulong* entry = PageTables.Descend(space, address, PageTables.PageLevel, out int level);
        ulong span = PageTables.SpanOf(level);
        ulong start = address & ~(span - 1);
        if (level != PageTables.PageLevel)
        {
            address = start + span;
            looked++;
            // What this capability has mapped lies in its window with both ends.
            bool isInside = start >= window && address <= end;
            return isInside && ClearOwn(entry, frame->PhysicalBase + (start - window));
        }
        bool changed = false;
        ulong* tableEnd = entry + (PageTables.EntriesPerTable - PageTables.IndexAt(address, level));
        for (; entry != tableEnd && address < end; entry++, address += span, looked++)
        {
            changed |= ClearOwn(entry, frame->PhysicalBase + (address - window));
        }
        return changed;
    }

    // Another frame may have been mapped into a page of the window that this one left empty.
    private static bool ClearOwn(ulong* entry, ulong physical)
    {
        if (*entry == 0 || new PageTableEntry(*entry).PhysicalAddress != physical)
        {
            return false;
        }
        *entry = 0;
        return true;
    }
}
