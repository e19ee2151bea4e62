using System;
using System.Runtime.InteropServices;
using Skerry.Boot.Layout;
using Skerry.Boot.Memory;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>The map that bootstrap runs on, as its tables say.</summary>
public sealed unsafe class IdentityMapTests : IDisposable
{
    private const ulong Gibi = 1 << 30;
    private const ulong Page = PhysicalMemory.PageSize;
    private const ulong TableBase = 0x20_0000;
    private const ulong ImageStart = 0x10_0000;
    private const ulong TextEnd = 0x10_8000;
    private const ulong RodataEnd = 0x10_c000;
    private const ulong ImageEnd = 0x31_0000;
    private const ulong LocalApic = 0xfee0_0000;

    private readonly nuint _bytes = (nuint)((2 + BootLayout.Directories + BootLayout.PageTables) * Page);
    private readonly byte* _buffer;
    private readonly IdentityMapTables _tables = new()
    {
        PointerTable = TableBase,
        Directories = TableBase + Page,
        DirectoryCount = BootLayout.Directories,
        PageTables = TableBase + (1 + BootLayout.Directories) * Page,
    };

    public IdentityMapTests()
    {
        _buffer = (byte*)NativeMemory.AlignedAlloc(_bytes, 4096);
        NativeMemory.Clear(_buffer, _bytes);
        for (ulong i = 0; i < 4; i++)
        {
            Table(_tables.PointerTable)[i] = (_tables.Directories + i * Page) | 3;
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(_buffer);

    [Theory]
    [InlineData(0ul, false, false, false)]
    [InlineData(0x8000ul, true, true, false)]
    [InlineData(ImageStart, true, false, true)]
    [InlineData(TextEnd - Page, true, false, true)]
    [InlineData(TextEnd, true, false, false)]
    [InlineData(RodataEnd, true, true, false)]
    [InlineData(ImageEnd - Page, true, true, false)]
    [InlineData(0x4000_0000ul, true, true, false)]
    [InlineData(LocalApic, true, true, false)]
    public void NothingIsWritableAndExecutable(ulong address, bool present, bool writable, bool executable)
    {
        Narrow(hasHugePages: true);
        ulong entry = EntryOf(address);
        Assert.Equal(present, Has(entry, PageRights.Present));
        Assert.Equal(writable, Has(entry, PageRights.Writable));
        Assert.Equal(executable, present && !Has(entry, PageRights.NoExecute));
        Assert.Equal(address == LocalApic, Has(entry, PageRights.CacheDisable));
        Assert.True(
            !present
                || (entry & 0xf_ffff_ffff_f000) == (address & ~(Has(entry, PageRights.Large) ? 0x1f_fffful : 0xfff))
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void UsableMemoryBeyond4GibibytesIsMapped(bool hasHugePages)
    {
        IdentityMap map = Narrow(hasHugePages);
        var usable = new RangeSet();
        usable.Add(1 << 20, 3 * Gibi);
        usable.Add(5 * Gibi + Page, 7 * Gibi + Page);
        Assert.Equal(0ul, map.Extend(ref usable));
        foreach (ulong gigabyte in new ulong[] { 5, 6, 7 })
        {
            ulong entry = EntryOf(gigabyte * Gibi);
            Assert.Equal(gigabyte * Gibi, entry & 0xf_ffff_ffff_f000);
            Assert.True(Has(entry, PageRights.Present | PageRights.Writable | PageRights.NoExecute));
        }
        Assert.False(Has(EntryOf(4 * Gibi), PageRights.Present));
        Assert.False(Has(EntryOf(8 * Gibi), PageRights.Present));
    }

    [Fact]
    public void WhatIsOutOfReachIsTakenOut()
    {
        IdentityMap map = Narrow(hasHugePages: false);
        Assert.Equal(BootLayout.Directories * Gibi, map.Reach);
        var usable = new RangeSet();
        usable.Add(map.Reach - Gibi, map.Reach + Gibi);
        usable.Add(map.Reach + 2 * Gibi, map.Reach + 3 * Gibi);
        Assert.Equal(2 * Gibi, map.Extend(ref usable));
        Assert.Equal(1, usable.Count);
        Assert.Equal(Gibi, usable.Ranges[0].Length);
    }

    private IdentityMap Narrow(bool hasHugePages)
    {
        var map = new IdentityMap(new PhysicalMemory(_buffer, TableBase), _tables, hasHugePages);
        map.Narrow(ImageStart, TextEnd, RodataEnd, ImageEnd, LocalApic);
        return map;
    }

    /// <summary>The last entry on the way to the address; 0 if there is none.</summary>
    private ulong EntryOf(ulong address)
    {
        ulong entry = Table(_tables.PointerTable)[address / Gibi];
        if (!Has(entry, PageRights.Present) || Has(entry, PageRights.Large))
        {
            return entry;
        }
        entry = Table(entry & 0xf_ffff_ffff_f000)[address / (2 << 20) % 512];
        return Has(entry, PageRights.Present) && !Has(entry, PageRights.Large)
            ? Table(entry & 0xf_ffff_ffff_f000)[address / Page % 512]
            : entry;
    }

    private ulong* Table(ulong address)
    {
        Assert.InRange(address - TableBase, 0ul, _bytes - Page);
        return (ulong*)(_buffer + (address - TableBase));
    }

    private static bool Has(ulong entry, PageRights rights) => ((PageRights)entry & rights) == rights;
}
