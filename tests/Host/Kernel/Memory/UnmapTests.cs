using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Large windows leave their address space in steps, and whatever comes between finds them in good order.</summary>
public sealed unsafe class UnmapTests
{
    private const ulong Base = 1ul << 39;
    private const ulong Regions = 6;
    private const ulong RegionBytes = 2 << 20;
    private const ulong FramePages = Regions * 512;

    /// <summary>So that the window neither begins nor ends with a region.</summary>
    private const ulong Start = Base + 3 * UserLayout.PageSize;

    private readonly World _world = new(2);
    private readonly uint _space;
    private readonly uint _frame;

    public UnmapTests()
    {
        _world.Operate(0);
        _space = _world.Make(ObjectType.AddressSpace);
        MapTable(Base, 3);
        MapTable(Base, 2);
        for (ulong region = 0; region <= Regions; region++)
        {
            MapTable(Base + region * RegionBytes, 1);
        }
        _frame = _world.NewSlot();
        const ulong operation = (ulong)MemoryControlOperation.MakeFrame;
        Good(_world.Invoke(0, World.MemoryControl, operation, World.Pack(0, _frame), 0x10_0000_0000, FramePages));
        for (ulong region = 0; region < Regions; region++)
        {
            Good(Map(region * RegionBytes));
            Good(Map(region * RegionBytes + (RegionBytes - UserLayout.PageSize)));
        }
    }

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    private uint MapTable(ulong address, int level)
    {
        uint table = _world.Make(ObjectType.PageTable);
        Good(_world.Invoke(0, table, (ulong)PageTableOperation.Map, _space, address, (ulong)level));
        return table;
    }

    private Status Map(ulong offset) =>
        _world.Invoke(
            0,
            _frame,
            (ulong)FrameOperation.Map,
            World.Pack(_space, (uint)FrameRights.Read),
            Start + offset,
            offset,
            1
        );

    private Status Query(ulong offset) => _world.Invoke(0, _space, (ulong)AddressSpaceOperation.Query, Start + offset);

    private bool IsAnyMapped()
    {
        bool any = false;
        for (ulong region = 0; region < Regions; region++)
        {
            any |= Query(region * RegionBytes) == Status.Ok;
            any |= Query(region * RegionBytes + (RegionBytes - UserLayout.PageSize)) == Status.Ok;
        }
        return any;
    }

    private bool Step() => Mapping.UnmapStep(_world.Cpu(0), _world.Slot(_frame));

    [Fact]
    public void EachStepComesFurtherAndTheLastSaysSo()
    {
        int steps = 1;
        while (!Step())
        {
            steps++;
            Assert.True(IsAnyMapped());
            Assert.InRange(steps, 1, (int)Regions + 1);
        }
        Assert.InRange(steps, 3, (int)Regions + 1);
        Assert.False(IsAnyMapped());
        Assert.Equal(Status.NotMapped, _world.Invoke(0, _frame, (ulong)FrameOperation.Unmap));
    }

    [Fact]
    public void AnInterruptIsLetInAndTheCallMadeAgain()
    {
        LocalApic.AsksUntilPending = 1;
        Good(_world.Invoke(0, _frame, (ulong)FrameOperation.Unmap));
        Assert.Equal(1, _world.Restarts);
        Assert.False(IsAnyMapped());
    }

    [Fact]
    public void InBetweenNothingIsMappedAndTheWindowStays()
    {
        Assert.False(Step());
        byte[] before = Snapshot.Take();
        Assert.Equal(Status.InvalidState, Map(0));
        Assert.Equal(Status.InvalidState, Map((Regions - 1) * RegionBytes));
        Assert.Null(Snapshot.FirstDifference(before, Snapshot.Take()));
        Assert.Equal(Start, _world.Slot(_frame)->WindowAddress);
        Good(_world.Invoke(0, _frame, (ulong)FrameOperation.Unmap));
        Assert.False(IsAnyMapped());
        Good(Map(0));
    }

    [Fact]
    public void ItGoesOnFromAnotherSlot()
    {
        Assert.False(Step());
        uint slot = _world.NewSlot();
        Good(_world.Move(slot, _frame));
        Good(_world.Invoke(0, slot, (ulong)FrameOperation.Unmap));
        Assert.False(IsAnyMapped());
    }

    [Fact]
    public void DeleteEndsIt()
    {
        Assert.False(Step());
        Good(_world.Delete(_frame));
        Assert.False(IsAnyMapped());
    }

    /// <summary>The slot says so between the steps of its deletion; unmapping and mapping are refused then.</summary>
    [Fact]
    public void ADeletionOfTheCapabilityIsInterruptedLikeTheCall()
    {
        int seen = 0;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            seen++;
            ulong unmap = (ulong)FrameOperation.Unmap;
            Assert.Equal(Status.BeingDeleted, _world.InvokeBetween(1, _frame, unmap));
            Assert.Empty(Invariants.Broken(_world));
            LocalApic.AsksUntilPending = 0;
        };
        Good(_world.Delete(_frame));
        _world.Between = null;
        LocalApic.AsksUntilPending = -1;
        Assert.InRange(seen, 1, (int)Regions);
        Assert.True(_world.Slot(_frame)->IsEmpty);
        Assert.False(IsAnyMapped());
    }

    /// <summary>Progress must not pass for a part of the address, whatever address is asked for.</summary>
    [Fact]
    public void NoAddressAgreesWithAWindowThatIsBeingUnmapped()
    {
        Assert.False(Step());
        ulong word0 = World.Pack(_space, (uint)FrameRights.Read);
        byte[] before = Snapshot.Take();
        for (int bit = 0; bit < 64; bit++)
        {
            ulong address = Start ^ (1ul << bit);
            Assert.NotEqual(Status.Ok, _world.Invoke(0, _frame, (ulong)FrameOperation.Map, word0, address, 0, 1));
        }
        Assert.Null(Snapshot.FirstDifference(before, Snapshot.Take()));
    }

    [Fact]
    public void WithoutItsAddressSpaceItIsDone()
    {
        Assert.False(Step());
        Good(_world.Delete(_space));
        Good(_world.Invoke(0, _frame, (ulong)FrameOperation.Unmap));
        Assert.Equal(Status.NotMapped, _world.Invoke(0, _frame, (ulong)FrameOperation.Unmap));
    }

    /// <summary>
    /// Of 128 GiB, one table of 512 pages is there; every other region or gigabyte is one entry to pass, 128 in a step.
    /// </summary>
    [Fact]
    public void WhatHasNoTableIsPassedAtOnce()
    {
        const ulong address = Base + 64 * RegionBytes;
        uint frame = _world.NewSlot();
        const ulong make = (ulong)MemoryControlOperation.MakeFrame;
        const ulong pages = Capability.MaximumExtent;
        Good(_world.Invoke(0, World.MemoryControl, make, World.Pack(0, frame), 0x100_0000_0000, pages));
        MapTable(address, 1);
        ulong word0 = World.Pack(_space, (uint)FrameRights.Read);
        Good(_world.Invoke(0, frame, (ulong)FrameOperation.Map, word0, address, 0, 1));
        Assert.False(Mapping.UnmapStep(_world.Cpu(0), _world.Slot(frame)));
        Assert.Equal(Status.NotMapped, _world.Invoke(0, _space, (ulong)AddressSpaceOperation.Query, address));
        int steps = 1;
        while (!Mapping.UnmapStep(_world.Cpu(0), _world.Slot(frame)))
        {
            steps++;
        }
        Assert.InRange(steps, 1, 6);
    }

    [Fact]
    public void PartOfALargePageLeavesItWhole()
    {
        const ulong large = Base + 16 * RegionBytes;
        uint part = _world.NewSlot();
        uint whole = _world.NewSlot();
        const ulong make = (ulong)MemoryControlOperation.MakeFrame;
        Good(_world.Invoke(0, World.MemoryControl, make, World.Pack(0, whole), 0x20_0000_0000, 512));
        Good(_world.Invoke(0, whole, (ulong)FrameOperation.Derive, World.Pack(0, part), 5 * 4096, 2));
        // The part has its window where the large page shows the same: by a page of its own, in a table that then went.
        uint table = MapTable(large, 1);
        ulong word0 = World.Pack(_space, (uint)FrameRights.Read);
        Good(_world.Invoke(0, part, (ulong)FrameOperation.Map, word0, large + 5 * 4096, 0, 1));
        Good(_world.Invoke(0, table, (ulong)PageTableOperation.Unmap));
        word0 = World.Pack(_space, PageAttributes.Of(FrameRights.Read, size: PageSize.MiB2).Value);
        Good(_world.Invoke(0, whole, (ulong)FrameOperation.Map, word0, large, 0, 1));
        Good(_world.Invoke(0, part, (ulong)FrameOperation.Unmap));
        Good(_world.Invoke(0, _space, (ulong)AddressSpaceOperation.Query, large + 5 * 4096));
        Good(_world.Invoke(0, whole, (ulong)FrameOperation.Unmap));
        Assert.Equal(Status.NotMapped, _world.Invoke(0, _space, (ulong)AddressSpaceOperation.Query, large));
    }

    private const ulong PagesPerRegion = RegionBytes / UserLayout.PageSize;

    /// <summary>So that a step is no longer for a frame of 1 GiB than for a small one.</summary>
    [Fact]
    public void AStepOfAGigabyteEndsWithATable()
    {
        const ulong window = Base + 64 * RegionBytes;
        uint frame = MakeDevice(512 * PagesPerRegion);
        MapDevice(frame, window, 0);
        MapDevice(frame, window, RegionBytes);
        Assert.False(Mapping.UnmapStep(_world.Cpu(0), _world.Slot(frame)));
        Assert.False(IsMapped(window));
        Assert.True(IsMapped(window + RegionBytes));
    }

    /// <summary>The place that a step leaves has room in the capability, however many regions the window touches.</summary>
    [Theory]
    [InlineData(1021)]
    [InlineData(1022)]
    [InlineData(1023)]
    [InlineData(2046)]
    [InlineData(2047)]
    public void ThePlaceHasRoom(ulong wholeRegions)
    {
        // One page before the whole regions, and one behind.
        ulong window = Base + 65 * RegionBytes - UserLayout.PageSize;
        ulong last = UserLayout.PageSize + wholeRegions * RegionBytes;
        uint frame = MakeDevice(wholeRegions * PagesPerRegion + 2);
        MapDevice(frame, window, last - RegionBytes);
        MapDevice(frame, window, last);
        uint before = 0;
        while (!Mapping.UnmapStep(_world.Cpu(0), _world.Slot(frame)))
        {
            Assert.True(_world.Slot(frame)->UnmapProgress > before);
            before = _world.Slot(frame)->UnmapProgress;
            Assert.Equal(window, _world.Slot(frame)->WindowAddress);
        }
        Assert.False(IsMapped(window + last - RegionBytes));
        Assert.False(IsMapped(window + last));
    }

    private uint MakeDevice(ulong pages)
    {
        uint frame = _world.NewSlot();
        const ulong make = (ulong)MemoryControlOperation.MakeFrame;
        Good(_world.Invoke(0, World.MemoryControl, make, World.Pack(0, frame), 0x100_0000_0000, pages));
        return frame;
    }

    private void MapDevice(uint frame, ulong window, ulong offset)
    {
        for (ulong level = 2; level > 0; level--)
        {
            uint table = _world.Make(ObjectType.PageTable);
            const ulong map = (ulong)PageTableOperation.Map;
            Status status = _world.Invoke(0, table, map, _space, window + offset, level);
            Assert.True(status is Status.Ok or Status.AlreadyMapped);
        }
        ulong word0 = World.Pack(_space, (uint)FrameRights.Read);
        Good(_world.Invoke(0, frame, (ulong)FrameOperation.Map, word0, window + offset, offset, 1));
    }

    private bool IsMapped(ulong address) =>
        _world.Invoke(0, _space, (ulong)AddressSpaceOperation.Query, address) == Status.Ok;
}
