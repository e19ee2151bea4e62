using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Memory;

/// <summary>Taking a window's pages out, in steps of bounded length.</summary>
/// <remarks>
/// A Frame capability's progress counts units of regions of 2 MiB, from the one that the window begins in, that an
/// unmapping which is not finished has behind it. A unit is one region, or as many more as a frame of 2 GiB or more needs
/// for the progress to have room. Until somebody finishes it, by Unmap or by deleting the capability, nothing can be mapped.
/// </remarks>
internal static unsafe partial class Mapping
{
    private const ulong RegionBytes = 1ul << AddressSpaceMapping.RegionShift;

    /// <summary>The last of them ends the unmapping, so it is never counted.</summary>
    private const ulong MostUnits = Capability.MostProgress + 1;

    /// <summary>Entries that one step looks at, and at most one page table more, as a step ends with a table.</summary>
    private const ulong EntriesPerStep = 128;

    public static bool IsUnmapping(Capability* frame) => frame->UnmapProgress != 0;

    /// <summary>Goes on unmapping the window for a bounded time.</summary>
    /// <returns>
    /// True: nothing is left, no CPU has it cached, and the window is forgotten. False: to be called again, at any
    /// later time; every call comes further.
    /// </returns>
    public static bool UnmapStep(Cpu* cpu, Capability* frame)
    {
        AddressSpace* space = frame->MappedIn;
        if (space == null)
        {
            frame->SetMapping(null, 0);
            return true;
        }
        if (frame->Extent == 1)
        {
            UnmapOne(cpu, frame, space);
            return true;
        }
        ulong window = frame->WindowAddress;
        ulong progress = frame->UnmapProgress;
        ulong unit = UnitOf(frame);
        ulong address = progress == 0 ? window : (window / unit + progress) * unit;
        ulong end = window + frame->Extent * UserLayout.PageSize;
        ulong start = address;
        bool changed = false;
        ulong looked = 0;
        // A walk ends at the end of a page table or of something larger, so it comes by where a unit begins.
        while (address < end && (looked < EntriesPerStep || address % unit != 0))
        {
            changed |= ClearTable(space, frame, end, ref address, ref looked);
        }
        if (changed)
        {
            // Now: before the next step, others may be mapped in the places that this one has left empty.
            ulong pages = (address - start) / UserLayout.PageSize;
            TranslationCache.FlushPages(cpu, space, start, pages, UserLayout.PageSize);
        }
        if (address < end)
        {
            frame->UnmapProgress = (uint)(address / unit - window / unit);
            return false;
        }
        frame->SetMapping(null, 0);
        return true;
    }

    /// <summary>Bytes: the smallest of which the window touches no more than there is room to count.</summary>
    private static ulong UnitOf(Capability* frame)
    {
        ulong unit = RegionBytes;
        // With a part of one at either end.
        for (ulong units = frame->Extent / PageTables.EntriesPerTable + 2; units > MostUnits; units = units / 2 + 1)
        {
            unit *= 2;
        }
        return unit;
    }

    /// <summary>A frame of one page, as most are, can only be mapped as one of 4 KiB.</summary>
    private static void UnmapOne(Cpu* cpu, Capability* frame, AddressSpace* space)
    {
        AddressSpaceMapping* walked = AddressSpace.MappingOf(space);
        ulong address = frame->WindowAddress;
        int level = PageTables.PageLevel;
        ulong* entry =
            address >> AddressSpaceMapping.RegionShift == walked->WalkedRegion
                ? EntryIn(walked->WalkedTable, address)
                : PageTables.Descend(space, address, PageTables.PageLevel, out level);
        frame->SetMapping(null, 0);
        if (level == PageTables.PageLevel && ClearOwn(entry, frame->PhysicalBase))
        {
            TranslationCache.FlushPages(cpu, space, address, 1, UserLayout.PageSize);
        }
    }

    /// <summary>
    /// Clears the entries from an address to the end of their page table, or the large page there, or passes over what
    /// has no table.
    /// </summary>
    /// <returns>Whether an entry changed.</returns>
    private static bool ClearTable(
        AddressSpace* space,
        Capability* frame,
        ulong end,
        ref ulong address,
        ref ulong looked
    )
    {
        AddressSpaceMapping* walked = AddressSpace.MappingOf(space);
        if (address >> AddressSpaceMapping.RegionShift == walked->WalkedRegion)
        {
            return ClearPages(EntryIn(walked->WalkedTable, address), frame, end, ref address, ref looked);
        }
        ulong* entry = PageTables.Descend(space, address, PageTables.PageLevel, out int level);
        if (level == PageTables.PageLevel)
        {
            return ClearPages(entry, frame, end, ref address, ref looked);
        }
        ulong window = frame->WindowAddress;
        ulong span = PageTables.SpanOf(level);
        ulong start = address & ~(span - 1);
        address = start + span;
        looked++;
        // What this capability has mapped lies in its window with both ends.
        bool isInside = start >= window && address <= end;
        return isInside && ClearOwn(entry, frame->PhysicalBase + (start - window));
    }

    private static bool ClearPages(ulong* entry, Capability* frame, ulong end, ref ulong address, ref ulong looked)
    {
        ulong tableEnd = (address / RegionBytes + 1) * RegionBytes;
        ulong count = ((end < tableEnd ? end : tableEnd) - address) / UserLayout.PageSize;
        ulong physical = frame->PhysicalBase + (address - frame->WindowAddress);
        ulong cleared = 0;
        for (ulong* last = entry + count; entry < last; entry++, physical += UserLayout.PageSize)
        {
            ulong existing = *entry;
            if (new PageTableEntry(existing).PhysicalAddress == physical)
            {
                *entry = 0;
                cleared |= existing;
            }
        }
        address += count * UserLayout.PageSize;
        looked += count;
        return cleared != 0;
    }

    // Another frame may have been mapped into a page of the window that this one left empty.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
