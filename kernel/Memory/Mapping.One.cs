using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Memory;

/// <summary>One page of 4 KiB where nothing stands in the way: what nearly every page fault and map comes to.</summary>
internal static unsafe partial class Mapping
{
    private const ulong WithinPage = UserLayout.PageSize - 1;

    /// <summary>
    /// Maps a page of 4 KiB, write-back, if all is plain: it lies in the frame, its place is empty, the tables are there,
    /// and the window agrees or is not chosen yet. Else false: nothing has changed, and <see cref="Map"/> finds out why
    /// not, or does it. Calls nothing. An entry that was empty is in no CPU's cache, so none is flushed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MapOne(Capability* frame, AddressSpace* space, ulong attributes, ulong address, ulong offset)
    {
        AddressSpaceMapping* target = AddressSpace.MappingOf(space);
        ulong bytes = frame->Extent * UserLayout.PageSize;
        ulong window = address - offset;
        // The whole window must be user space: what is compared next says nothing of an address that is none.
        if (((offset | window) & WithinPage) != 0 || offset >= bytes || window > UserLayout.UserEnd - bytes)
        {
            return false;
        }
        ulong mapping = Capability.MappingOf(target->Identifier, window);
        ulong before = frame->Data;
        if (before != mapping && before != 0)
        {
            return false;
        }
        // The kind stands in the word above the rights, where no attribute is set.
        ulong rights = attributes & (frame->Word >> Capability.RightsShift);
        if (attributes > PageAttributes.PlainMask || (rights & (ulong)FrameRights.Read) == 0)
        {
            return false;
        }
        bool isWalked = address >> AddressSpaceMapping.RegionShift == target->WalkedRegion;
        if (!isWalked && !Walk(space, target, address))
        {
            return false;
        }
        ulong* entry = EntryIn(target->WalkedTable, address);
        if (*entry != 0)
        {
            return false;
        }

        // Nothing can fail from here on.
        *entry = PageTableEntry.ForPlainPage(frame->PhysicalBase + offset, rights).Value;
        frame->Data = mapping;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong* EntryIn(ulong* table, ulong address) => (ulong*)((byte*)table + ((address >> 9) & 0xff8));

    /// <summary>
    /// Notes the page table for the address if there is one and its entry is empty; else the call is about to be refused,
    /// and then nothing may change.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Walk(AddressSpace* space, AddressSpaceMapping* target, ulong address)
    {
        ulong* table = LastTable(space, address);
        if (table == null || *EntryIn(table, address) != 0)
        {
            return false;
        }
        target->WalkedRegion = address >> AddressSpaceMapping.RegionShift;
        target->WalkedTable = table;
        return true;
    }

    // Written out, since a loop would take as long again to count its levels. An index is left where it multiplies by 8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong* LastTable(AddressSpace* space, ulong address)
    {
        const ulong tables = KernelLayout.DirectMap - PageTableEntry.TableBits;
        ulong entry = ((ulong*)space)[address >> 39];
        if ((byte)entry != PageTableEntry.TableBits)
        {
            return null;
        }
        entry = *(ulong*)(entry + tables + ((address >> 27) & 0xff8));
        if ((byte)entry != PageTableEntry.TableBits)
        {
            return null;
        }
        entry = *(ulong*)(entry + tables + ((address >> 18) & 0xff8));
        return (byte)entry != PageTableEntry.TableBits ? null : (ulong*)(entry + tables);
    }
}
