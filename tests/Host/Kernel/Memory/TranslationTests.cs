using System.Linq;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Which CPUs flush what: those that run the address space, when an entry that they may have cached changes.</summary>
public sealed unsafe class TranslationTests
{
    private const ulong Base = 1ul << 39;
    private const uint Read = (uint)FrameRights.Read;
    private const uint ReadWrite = (uint)(FrameRights.Read | FrameRights.Write);

    private readonly World _world = new(3);
    private readonly uint _spaceSlot;
    private readonly AddressSpace* _space;
    private readonly uint _frame;
    private readonly uint[] _tables = new uint[3];

    public TranslationTests()
    {
        _world.Operate(0);
        _spaceSlot = _world.Make(ObjectType.AddressSpace);
        _space = (AddressSpace*)_world.Slot(_spaceSlot)->Object;
        for (int i = 0; i < 3; i++)
        {
            _tables[i] = _world.Make(ObjectType.PageTable);
            const ulong map = (ulong)PageTableOperation.Map;
            Assert.Equal(Status.Ok, _world.Invoke(0, _tables[i], map, _spaceSlot, Base, (ulong)(3 - i)));
        }
        _frame = _world.Make(ObjectType.Frame, pages: 64);
        // CPUs 0 and 2 run it, 1 does not.
        _world.Cpu(0)->CurrentRoot = PageTables.RootOf(_space);
        _world.Cpu(2)->CurrentRoot = PageTables.RootOf(_space);
    }

    private Status Map(uint attributes, ulong first, ulong pages)
    {
        Forget();
        ulong offset = first * UserLayout.PageSize;
        Status status = default;
        ClusterLock.Hold(() =>
            status = Mapping.Map(
                _world.Cpu(0),
                _world.Slot(_frame),
                _space,
                attributes,
                Base + offset,
                offset,
                pages,
                out _
            )
        );
        return status;
    }

    private static void Forget()
    {
        LocalApic.Sent.Clear();
        Hardware.RootLoads = 0;
        Hardware.PageInvalidations = 0;
    }

    /// <summary>Of other CPUs, by interrupt; here, of single pages and of all.</summary>
    private void Expect(int interrupts, int pages, int roots)
    {
        int sent = LocalApic.Sent.Count(sent => sent == (_world.Cpu(2)->ApicId, Vectors.Rendezvous));
        Assert.Equal((interrupts, pages, roots), (sent, Hardware.PageInvalidations, Hardware.RootLoads));
        Assert.Equal(sent, LocalApic.Sent.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void WhatWasEmptyIsInNoCache(uint pages)
    {
        Assert.Equal(Status.Ok, Map(ReadWrite, 0, pages));
        Expect(0, 0, 0);
    }

    [Fact]
    public void TheSameAgainChangesNothing()
    {
        Assert.Equal(Status.Ok, Map(ReadWrite, 0, 1));
        Assert.Equal(Status.Ok, Map(ReadWrite, 0, 1));
        Expect(0, 0, 0);
    }

    [Fact]
    public void OtherRightsAreFlushed()
    {
        Assert.Equal(Status.Ok, Map(ReadWrite, 0, 1));
        Assert.Equal(Status.Ok, Map(Read, 0, 1));
        Expect(1, 1, 0);
        Assert.Equal(Status.Ok, Map(ReadWrite, 0, 1));
        Expect(1, 1, 0);
    }

    [Fact]
    public void AnotherCacheabilityIsFlushed()
    {
        Assert.Equal(Status.Ok, Map(Read, 0, 1));
        Assert.Equal(Status.Ok, Map(PageAttributes.Of(FrameRights.Read, Cacheability.Uncached).Value, 0, 1));
        Expect(1, 1, 0);
    }

    [Fact]
    public void ManyPagesAreFlushedAtOnce()
    {
        Assert.Equal(Status.Ok, Map(ReadWrite, 0, 64));
        Assert.Equal(Status.Ok, Map(Read, 0, 64));
        Expect(1, 0, 1);
    }

    [Fact]
    public void UnmappingIsFlushedIfAnythingWasMapped()
    {
        Assert.Equal(Status.Ok, Map(ReadWrite, 5, 1));
        Forget();
        Assert.True(Mapping.UnmapStep(_world.Cpu(0), _world.Slot(_frame)));
        Expect(1, 0, 1);
        Forget();
        Assert.True(Mapping.UnmapStep(_world.Cpu(0), _world.Slot(_frame)));
        Expect(0, 0, 0);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(3, 3)]
    public void AFrameOfOnePageIsFlushedWhereItIsRun(uint first, uint pages)
    {
        uint part = _world.NewSlot();
        const ulong derive = (ulong)FrameOperation.Derive;
        Assert.Equal(Status.Ok, _world.Invoke(0, _frame, derive, World.Pack(0, part), 0, pages));
        Capability* slot = _world.Slot(part);
        for (uint page = 0; page < first; page++)
        {
            ulong offset = page * UserLayout.PageSize;
            Assert.True(Mapping.MapOne(slot, _space, Read, Base + offset, offset));
        }
        _world.Cpu(0)->CurrentRoot = PageTables.RootOf(_space);
        _world.Cpu(2)->CurrentRoot = PageTables.RootOf(_space);
        Forget();
        Assert.True(Mapping.UnmapStep(_world.Cpu(0), slot));
        Expect(1, (int)pages, 0);
        Assert.True(slot->MappedIn == null);
        Assert.True(Mapping.UnmapStep(_world.Cpu(0), slot));
        Expect(1, (int)pages, 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ASingleCPUFlushesWhatItRuns(bool runs)
    {
        ClusterCpus.Count = 1;
        Assert.Equal(Status.Ok, Map(ReadWrite, 0, 1));
        _world.Cpu(0)->CurrentRoot = runs ? PageTables.RootOf(_space) : PageTables.KernelRoot;
        Assert.Equal(Status.Ok, Map(Read, 0, 1));
        Expect(0, runs ? 1 : 0, 0);
    }

    /// <summary>Others may be mapped in its place before the next step: what a step takes out it flushes, and nothing else is.</summary>
    [Fact]
    public void EachStepFlushesWhatItHasTakenOut()
    {
        const uint pages = 2048;
        uint frame = _world.NewSlot();
        const ulong make = (ulong)MemoryControlOperation.MakeFrame;
        Assert.Equal(
            Status.Ok,
            _world.Invoke(0, World.MemoryControl, make, World.Pack(0, frame), 0x10_0000_0000, pages)
        );
        for (ulong region = 1; region < 4; region++)
        {
            uint table = _world.Make(ObjectType.PageTable);
            const ulong map = (ulong)PageTableOperation.Map;
            ulong address = Base + region * (2 << 20);
            Assert.Equal(Status.Ok, _world.Invoke(0, table, map, _spaceSlot, address, 1));
        }
        _world.Cpu(0)->CurrentRoot = PageTables.RootOf(_space);
        _world.Cpu(2)->CurrentRoot = PageTables.RootOf(_space);
        Capability* slot = _world.Slot(frame);
        Assert.True(Mapping.MapOne(slot, _space, Read, Base, 0));
        Forget();
        Assert.False(Mapping.UnmapStep(_world.Cpu(0), slot));
        Expect(1, 0, 1);
        Forget();
        int steps = 2;
        while (!Mapping.UnmapStep(_world.Cpu(0), slot))
        {
            steps++;
        }
        Assert.InRange(steps, 2, 4);
        Expect(0, 0, 0);
    }

    [Fact]
    public void ATableThatGoesIsFlushed()
    {
        Forget();
        ClusterLock.Hold(() => PageTableMapping.Unmap(_world.Cpu(0), _world.Slot(_tables[2])));
        Expect(1, 0, 1);
    }
}
