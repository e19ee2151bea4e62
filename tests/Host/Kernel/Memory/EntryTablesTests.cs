using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Tests.Host.Kernel.Fakes;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>What user mode's page tables map of the kernel with mitigations.</summary>
public sealed unsafe class EntryTablesTests
{
    private const uint Cpus = 3;
    private const ulong TextPages = 5;
    private const ulong TextPhysical = 0x30_0000;
    private const ulong InterruptsPhysical = 0x40_0000;
    private const ulong SlotsPhysical = 0x50_0000;
    private const PageBits Everything = (PageBits)ulong.MaxValue;

    private static ulong SlotBytes => EntryTables<Pages>.SlotPages * UserLayout.PageSize;

    [Fact]
    public void AllThatTheDoorsNeedIsMappedAndNothingElse()
    {
        Assert.Equal(Expected(), Walk(Build()));
    }

    /// <summary>The walk would see a page too many.</summary>
    [Fact]
    public void AFurtherPageIsSeen()
    {
        ulong* root = Build();
        EntryTables<Pages>.MapText(root, 0xffff_ffff_8800_0000, 0xffff_ffff_8800_1000, 0x60_0000);
        Assert.NotEqual(Expected(), Walk(root));
    }

    [Fact]
    public void NothingIsWritableAndExecutableOrOfUserMode()
    {
        Assert.All(
            Walk(Build()),
            page => Assert.NotEqual(PageBits.Write, page.Bits & (PageBits.Write | PageBits.ExecuteDisable))
        );
        Assert.All(Walk(Build()), page => Assert.Equal(PageBits.None, page.Bits & PageBits.User));
    }

    [Fact]
    public void EveryStackHasAnUnmappedPageBelow()
    {
        HashSet<ulong> mapped = [.. Walk(Build()).Select(page => page.Address)];
        for (uint cpu = 0; cpu < Cpus; cpu++)
        {
            for (int stack = 0; stack < EntryTables<Pages>.Stacks; stack++)
            {
                ulong top = EntryTables<Pages>.StackTop(cpu, stack);
                ulong bytes = EntryTables<Pages>.StackPages * UserLayout.PageSize;
                Assert.Contains(top - UserLayout.PageSize, mapped);
                Assert.Contains(top - bytes, mapped);
                Assert.DoesNotContain(top - bytes - UserLayout.PageSize, mapped);
            }
        }
    }

    /// <summary>An address space's second root has the user half of the first, and of the kernel these tables alone.</summary>
    [Fact]
    public void TheSecondRootHasTheUserHalfAndTheDoors()
    {
        var world = new World(1);
        PageTables.EntryTables = 0x1234_5003;
        ((ulong*)HostMemory.Start)[300] = 0x7003;
        uint space = world.Make(ObjectType.AddressSpace);
        uint table = world.Make(ObjectType.PageTable);
        var root = (ulong*)world.Slot(space)->Object;
        ulong* second = root + PageTables.UserRootOffset / sizeof(ulong);
        Assert.Equal(0ul, PageTables.RootOf((AddressSpace*)root) & PageTables.UserRootOffset);
        Assert.Equal(0x7003ul, root[300]);
        const ulong address = 5ul << 39;
        Assert.Equal(Status.Ok, world.Invoke(0, table, (ulong)PageTableOperation.Map, space, address, 3));
        Assert.Equal((root[5], 0ul, 0x1234_5003ul), (second[5], second[300], second[511]));
        Assert.NotEqual(0ul, second[5]);
        Assert.Equal(Status.Ok, world.Invoke(0, table, (ulong)PageTableOperation.Unmap));
        Assert.Equal((0ul, 0ul), (root[5], second[5]));
    }

    [Fact]
    public void WithoutMitigationsTheSecondRootStaysEmpty()
    {
        var world = new World(1);
        uint space = world.Make(ObjectType.AddressSpace);
        uint table = world.Make(ObjectType.PageTable);
        Assert.Equal(Status.Ok, world.Invoke(0, table, (ulong)PageTableOperation.Map, space, 0x1000, 3));
        ulong* second = (ulong*)world.Slot(space)->Object + PageTables.UserRootOffset / sizeof(ulong);
        for (int i = 0; i < PageTables.EntriesPerTable; i++)
        {
            Assert.Equal(0ul, second[i]);
        }
    }

    private static ulong* Build()
    {
        HostMemory.Reset();
        Pages.Taken = 0;
        ulong* root = Pages.Take();
        ulong end = KernelLayout.Image + TextPages * UserLayout.PageSize;
        EntryTables<Pages>.MapText(root, KernelLayout.Image, end, TextPhysical);
        EntryTables<Pages>.MapInterruptTables(root, InterruptsPhysical);
        for (uint i = 0; i < Cpus; i++)
        {
            EntryTables<Pages>.MapSlot(root, i, SlotsPhysical + i * SlotBytes);
        }
        return root;
    }

    private static List<(ulong Address, ulong Physical, PageBits Bits)> Expected()
    {
        const PageBits constant = PageBits.Present | PageBits.ExecuteDisable;
        var pages = new List<(ulong, ulong, PageBits)>();
        for (ulong page = 0; page < TextPages * UserLayout.PageSize; page += UserLayout.PageSize)
        {
            pages.Add((KernelLayout.Image + page, TextPhysical + page, PageBits.Present));
        }
        pages.Add((KernelLayout.InterruptTables, InterruptsPhysical, constant));
        pages.Add((KernelLayout.InterruptTables + 4096, InterruptsPhysical + 4096, constant));
        ulong[] places = [0, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15];
        for (uint cpu = 0; cpu < Cpus; cpu++)
        {
            ulong physical = SlotsPhysical + cpu * SlotBytes;
            foreach (ulong place in places)
            {
                ulong address = KernelLayout.CpuSlot(cpu) + place * UserLayout.PageSize;
                pages.Add((address, physical, constant | PageBits.Write));
                physical += UserLayout.PageSize;
            }
        }
        return pages;
    }

    /// <summary>All pages that a root maps, as the processor sees them: a right counts if all levels give it.</summary>
    private static List<(ulong Address, ulong Physical, PageBits Bits)> Walk(ulong* root)
    {
        var pages = new List<(ulong, ulong, PageBits)>();
        Walk(root, PageTables.RootLevel, 0, Everything, pages);
        return pages;
    }

    private static void Walk(
        ulong* table,
        int level,
        ulong address,
        PageBits above,
        List<(ulong, ulong, PageBits)> pages
    )
    {
        const PageBits given = PageBits.Write | PageBits.User;
        for (int i = 0; i < PageTables.EntriesPerTable; i++)
        {
            var entry = new PageTableEntry(table[i]);
            if (!entry.IsPresent)
            {
                continue;
            }
            ulong place = address + (ulong)i * PageTables.SpanOf(level);
            var bits = (PageBits)(entry.Value ^ entry.PhysicalAddress);
            bits &= above | ~given;
            if (level != PageTables.PageLevel)
            {
                Walk((ulong*)(KernelLayout.DirectMap + entry.PhysicalAddress), level - 1, place, bits, pages);
                continue;
            }
            bool isUpper = place >= 1ul << 47;
            pages.Add((isUpper ? place | 0xffff_0000_0000_0000 : place, entry.PhysicalAddress, bits));
        }
    }

    private struct Pages : IPageSource
    {
        public static ulong Taken;

        public static ulong* Take() => (ulong*)(HostMemory.Start + Taken++ * UserLayout.PageSize);
    }
}
