using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Memory;

/// <summary>
/// Mapping pages of frames. A Frame capability has one window: where its page 0 lies, in one address space. Its pages
/// enter the window one by one or many at a time, and leave it together. Under the cluster lock.
/// </summary>
internal static unsafe class Mapping
{
    public const ulong MaximumPages = PageTables.EntriesPerTable;

    /// <summary>
    /// Maps pages from `offset` on at `address`, as far as one page table reaches. `mapped` tells how many, or, with
    /// MissingPageTable, the level that is missing.
    /// </summary>
    public static Status Map(
        Cpu* cpu,
        Capability* frame,
        AddressSpace* space,
        FrameRights rights,
        ulong address,
        ulong offset,
        ulong pages,
        out ulong mapped
    )
    {
        mapped = 0;
        Status status = Check(frame, space, address, offset, pages);
        if (status != Status.Ok)
        {
            return status;
        }
        rights &= (FrameRights)frame->Rights;
        if ((rights & FrameRights.Read) == 0)
        {
            return Status.MissingRight;
        }
        ulong* entry = PageTables.Walk(space, address, PageTables.PageLevel, out int missing);
        if (entry == null)
        {
            mapped = (ulong)missing;
            return Status.MissingPageTable;
        }
        ulong room = (ulong)(PageTables.EntriesPerTable - PageTables.IndexAt(address, PageTables.PageLevel));
        ulong count = pages < room ? pages : room;
        status = CheckEntries(entry, count, frame->PhysicalBase + offset);
        if (status != Status.Ok)
        {
            return status;
        }
        frame->SetMapping(space, address - offset);
        bool changed = Fill(entry, count, frame->PhysicalBase + offset, rights);
        if (changed)
        {
            TranslationCache.Flush(cpu, space);
        }
        mapped = count;
        return Status.Ok;
    }

    private static Status Check(Capability* frame, AddressSpace* space, ulong address, ulong offset, ulong pages)
    {
        if (((address | offset) & (UserLayout.PageSize - 1)) != 0)
        {
            return Status.Misaligned;
        }
        if (pages == 0 || pages > MaximumPages)
        {
            return Status.InvalidArgument;
        }
        ulong firstPage = offset / UserLayout.PageSize;
        if (firstPage >= frame->Extent || pages > frame->Extent - firstPage)
        {
            return Status.InvalidArgument;
        }
        // The whole window must be user space, as unmap clears the whole window.
        if (offset > address || !PageTables.IsUserRange(address - offset, frame->Extent * UserLayout.PageSize))
        {
            return Status.InvalidAddress;
        }
        bool elsewhere = frame->MappedIn != null && (frame->MappedIn != space || frame->Data != address - offset);
        return elsewhere ? Status.AlreadyMapped : Status.Ok;
    }

    /// <summary>An entry may be empty or show the same page: mapping anew with other rights is allowed.</summary>
    private static Status CheckEntries(ulong* entry, ulong count, ulong physical)
    {
        for (ulong i = 0; i < count; i++)
        {
            var existing = new PageTableEntry(entry[i]);
            if (existing.IsPresent && existing.PhysicalAddress != physical + i * UserLayout.PageSize)
            {
                return Status.AlreadyMapped;
            }
        }
        return Status.Ok;
    }

    /// <summary>Answers whether an entry that was in use changed, which CPUs may have cached.</summary>
    private static bool Fill(ulong* entry, ulong count, ulong physical, FrameRights rights)
    {
        bool changed = false;
        for (ulong i = 0; i < count; i++)
        {
            changed |= entry[i] != 0;
            entry[i] = PageTableEntry.ForPage(physical + i * UserLayout.PageSize, rights).Value;
        }
        return changed;
    }

    /// <summary>Takes all pages of the capability's window out of its address space and forgets the window.</summary>
    public static void UnmapWindow(Cpu* cpu, Capability* frame)
    {
        AddressSpace* space = frame->MappedIn;
        if (space == null)
        {
            return;
        }
        ulong address = frame->Data;
        ulong end = address + frame->Extent * UserLayout.PageSize;
        bool changed = false;
        ulong physical = frame->PhysicalBase;
        ulong start = address;
        while (address < end)
        {
            ulong* entry = PageTables.Walk(space, address, PageTables.PageLevel, out int missing);
            if (entry == null)
            {
                // No table below this level, so nothing to its end.
                ulong span = PageTables.SpanOf(missing + 1);
                address = (address & ~(span - 1)) + span;
                continue;
            }
            changed |= ClearOwn(entry, physical + (address - start));
            address += UserLayout.PageSize;
        }
        frame->SetMapping(null, 0);
        if (changed)
        {
            TranslationCache.Flush(cpu, space);
        }
    }

    // Another frame may have been mapped into a page of the window that this one left empty.
    private static bool ClearOwn(ulong* entry, ulong physical)
    {
        var existing = new PageTableEntry(*entry);
        if (!existing.IsPresent || existing.PhysicalAddress != physical)
        {
            return false;
        }
        *entry = 0;
        return true;
    }
}
