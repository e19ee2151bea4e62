using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Checking;

/// <summary>
/// Address spaces: what their tables show is what the capabilities of frames and tables say, no more and with no further
/// rights. Each Frame capability marks the entries that it stands for; then an entry without a mark is one too many.
/// </summary>
internal static unsafe partial class Checker
{
    /// <summary>Ignored by the processor (Intel SDM vol. 3A, table 4-20), not used by the kernel.</summary>
    private const ulong Mark = 1 << 9;

    private static void CheckPages()
    {
        for (Capability* slot = DerivationTree.After(root); slot != null; slot = DerivationTree.After(slot))
        {
            if (KindOf(slot) == ObjectType.Frame)
            {
                MarkWindow(slot);
            }
        }
        uint spaces = 0;
        for (Capability* slot = DerivationTree.After(root); slot != null; slot = DerivationTree.After(slot))
        {
            if (slot->Type == ObjectType.AddressSpace && IsFirstToObject(slot))
            {
                spaces++;
                CheckSpace((AddressSpace*)slot->Object);
            }
        }
        Require(AddressSpaces.Used == spaces, CheckedRule.SpaceNumber, root);
    }

    private static void MarkWindow(Capability* frame)
    {
        AddressSpace* space = frame->MappedIn;
        if (space == null)
        {
            return;
        }
        ulong window = frame->WindowAddress;
        // One that is being deleted has its rights' place taken; what is left of its pages had them.
        byte rights = frame->Type == Capability.Dying ? (byte)FrameRights.All : frame->Rights;
        ulong end = window + frame->Extent * UserLayout.PageSize;
        for (ulong address = window; address < end; )
        {
            ulong* entry = PageTables.Descend(space, address, PageTables.PageLevel, out int level);
            ulong span = PageTables.SpanOf(level);
            ulong start = address & ~(span - 1);
            var page = new PageTableEntry(*entry & ~Mark);
            bool shows =
                page.IsPresent
                && start >= window
                && start + span <= end
                && page.PhysicalAddress == frame->PhysicalBase + (start - window)
                && ((byte)page.AttributesAt(level).Rights & ~rights) == 0;
            if (shows)
            {
                *entry |= Mark;
            }
            address = start + span;
        }
    }

    private static void CheckSpace(AddressSpace* space)
    {
        Require(AddressSpaces.Find(space->Identifier) == space, CheckedRule.SpaceNumber, space);
        CheckWalk(space);
        var entries = (ulong*)space;
        var kernel = (ulong*)(KernelLayout.DirectMap + PageTables.KernelRoot);
        for (int i = PageTables.EntriesPerTable / 2; i < PageTables.EntriesPerTable; i++)
        {
            Require(entries[i] == kernel[i], CheckedRule.SpaceKernelHalf, space);
        }
        CheckUserRoot(entries);
        for (int i = 0; i < PageTables.EntriesPerTable / 2; i++)
        {
            ulong address = (ulong)i << 39;
            ulong* second = Below(space, entries + i, address, 3);
            for (int j = 0; second != null && j < PageTables.EntriesPerTable; j++)
            {
                CheckThird(space, second + j, address | ((ulong)j << 30));
            }
        }
    }

    /// <summary>With mitigations user mode has a root of its own: the same user half, and of the kernel the doors alone.</summary>
    private static void CheckUserRoot(ulong* entries)
    {
        ulong* user = entries + PageTables.UserRootOffset / sizeof(ulong);
        const int last = PageTables.EntriesPerTable - 1;
        for (int i = 0; i < last; i++)
        {
            bool shared = PageTables.EntryTables != 0 && i < PageTables.EntriesPerTable / 2;
            ulong expected = shared ? entries[i] : 0;
            Require(user[i] == expected, CheckedRule.SpaceUserRoot, entries);
        }
        // The processor notes there that it has been used.
        bool doors = ((user[last] ^ PageTables.EntryTables) & ~(ulong)PageBits.Accessed) == 0;
        Require(doors, CheckedRule.SpaceUserRoot, entries);
    }

    /// <summary>What saves the next mapping its walk leads where the walk would.</summary>
    private static void CheckWalk(AddressSpace* space)
    {
        AddressSpaceMapping* walked = AddressSpace.MappingOf(space);
        ulong address = walked->WalkedRegion << AddressSpaceMapping.RegionShift;
        if (walked->WalkedRegion >> (48 - AddressSpaceMapping.RegionShift) != 0)
        {
            return;
        }
        ulong* entry = PageTables.Descend(space, address, PageTables.PageLevel, out int level);
        bool leads = level == PageTables.PageLevel && entry == walked->WalkedTable;
        Require(leads, CheckedRule.SpaceWalk, space);
    }

    private static void CheckThird(AddressSpace* space, ulong* entry, ulong address)
    {
        ulong* third = Below(space, entry, address, 2);
        for (int k = 0; third != null && k < PageTables.EntriesPerTable; k++)
        {
            ulong* last = Below(space, third + k, address | ((ulong)k << 21), 1);
            for (int l = 0; last != null && l < PageTables.EntriesPerTable; l++)
            {
                CheckPage(last + l);
            }
        }
    }

    /// <summary>The table that an entry points to, if its capability says that it hangs there. Large pages end here.</summary>
    private static ulong* Below(AddressSpace* space, ulong* entry, ulong address, uint level)
    {
        var upper = new PageTableEntry(*entry);
        if (!upper.IsTable)
        {
            CheckPage(entry);
            return null;
        }
        ulong* table = upper.Table;
        if (ObjectTable.Has(table, ObjectType.PageTable))
        {
            Capability* capability = ObjectTable.Of(table).First;
            bool says =
                capability->MappedIn == space && capability->Extent == level && capability->WindowAddress == address;
            return Require(says, CheckedRule.TableUnknown, table) ? table : null;
        }
        return Require(IsBootMemory(upper.PhysicalAddress), CheckedRule.TableUnknown, table) ? table : null;
    }

    private static void CheckPage(ulong* entry)
    {
        if (*entry == 0)
        {
            return;
        }
        if ((*entry & Mark) != 0)
        {
            *entry &= ~Mark;
            return;
        }
        var page = new PageTableEntry(*entry);
        Require(page.IsPresent && IsBootMemory(page.PhysicalAddress), CheckedRule.PageUnknown, entry);
    }

    /// <summary>What the first component was loaded into before there was untyped memory, without frames.</summary>
    private static bool IsBootMemory(ulong physical)
    {
        for (int i = 0; i < rootUntypedCount; i++)
        {
            var untyped = (Capability*)rootUntypeds[i];
            if (physical - untyped->PhysicalBase < BytesOf(untyped))
            {
                return false;
            }
        }
        return OwnedMemory.Contains(physical, UserLayout.PageSize);
    }

    /// <summary>What the kernel made at its start and gave to the first component.</summary>
    private static bool IsChildOfRoot(Capability* slot)
    {
        Capability* first = slot;
        while (!first->IsFirst)
        {
            first = first->Previous;
        }
        return first->Previous == root;
    }

    private static void NoteRootUntyped(Capability* untyped)
    {
        if (IsChildOfRoot(untyped) && rootUntypedCount < CoreInformation.MaximumUntypeds)
        {
            rootUntypeds[rootUntypedCount++] = (ulong)untyped;
        }
    }

    private static int rootUntypedCount;
    private static RootUntypeds rootUntypeds;

    [InlineArray(CoreInformation.MaximumUntypeds)]
    private struct RootUntypeds
    {
        private ulong _slot;
    }
}
