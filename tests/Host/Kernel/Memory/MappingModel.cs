using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Two regions of 2 MiB in one address space, with a page table for each that comes and goes, frames that are mapped
/// across their border, and the address space itself, which is destroyed and made anew.
/// </summary>
internal sealed unsafe class MappingModel
{
    private const ulong Base = 0x4000_0000;
    private const ulong FirstPage = 500;
    private const ulong Pages = 24;
    private const uint FramePages = 6;
    private const int Frames = 5;

    private readonly uint _space;
    private readonly uint[] _upper;
    private readonly uint[] _tables;
    private readonly uint[] _frames = new uint[Frames];
    private readonly ulong[] _physical = new ulong[Frames];

    /// <summary>Page that a frame's page 0 has in its window; null: mapped nowhere.</summary>
    private readonly ulong?[] _windows = new ulong?[Frames];
    private readonly bool[] _mapped = new bool[2];
    private readonly Dictionary<ulong, ulong> _entries = [];

    public MappingModel()
    {
        World = new World(2);
        World.Operate(0);
        _space = World.Make(ObjectType.AddressSpace);
        _upper = [World.Make(ObjectType.PageTable), World.Make(ObjectType.PageTable)];
        _tables = [World.Make(ObjectType.PageTable), World.Make(ObjectType.PageTable)];
        for (int i = 0; i < Frames; i++)
        {
            // The last is a copy of the one before it: the same pages in a window of its own.
            _frames[i] = i == Frames - 1 ? World.NewSlot() : World.Make(ObjectType.Frame, pages: FramePages);
            if (i == Frames - 1)
            {
                Assert.Equal(Status.Ok, World.Copy(_frames[i], _frames[i - 1]));
            }
            _physical[i] = World.Slot(_frames[i])->PhysicalBase;
        }
        MapUpper();
    }

    public World World { get; }

    private static ulong AddressOf(ulong page) => Base + page * UserLayout.PageSize;

    private void MapUpper()
    {
        Assert.Equal(Status.Ok, World.Invoke(0, _upper[0], (ulong)PageTableOperation.Map, _space, Base, 3));
        Assert.Equal(Status.Ok, World.Invoke(0, _upper[1], (ulong)PageTableOperation.Map, _space, Base, 2));
    }

    public void Step(uint choice)
    {
        int frame = (int)(choice % Frames);
        int region = (int)(choice / 8 % 2);
        switch (choice / 16 % 16)
        {
            case < 8:
                Map(
                    frame,
                    FirstPage + choice / 256 % Pages,
                    choice / 8192 % FramePages,
                    1 + choice / 65536 % FramePages
                );
                break;
            case 8 or 9:
                Unmap(frame);
                break;
            case 10 or 11 or 12:
                MapTable(region);
                break;
            case 13:
                UnmapTable(region);
                break;
            case 14:
                Renew();
                break;
            default:
                Flip(frame);
                break;
        }
    }

    private void Map(int frame, ulong page, ulong offset, ulong count)
    {
        Status status = World.Invoke(
            0,
            _frames[frame],
            (ulong)FrameOperation.Map,
            World.Pack(_space, (uint)FrameRights.All),
            AddressOf(page),
            offset * UserLayout.PageSize,
            count
        );
        ulong room = 512 - page % 512;
        ulong mapped = count < room ? count : room;
        Status expected = Expected(frame, page, offset, count, mapped);
        Assert.Equal(expected, status);
        if (status != Status.Ok)
        {
            return;
        }
        Assert.Equal(mapped, World.Operator(0)->Word0);
        _windows[frame] = page - offset;
        for (ulong i = 0; i < mapped; i++)
        {
            _entries[page + i] = _physical[frame] + (offset + i) * UserLayout.PageSize;
        }
    }

    private Status Expected(int frame, ulong page, ulong offset, ulong count, ulong mapped)
    {
        if (offset + count > FramePages)
        {
            return Status.InvalidArgument;
        }
        if (_windows[frame] is ulong window && window != page - offset)
        {
            return Status.AlreadyMapped;
        }
        if (!_mapped[page / 512])
        {
            return Status.MissingPageTable;
        }
        for (ulong i = 0; i < mapped; i++)
        {
            if (
                _entries.TryGetValue(page + i, out ulong there)
                && there != _physical[frame] + (offset + i) * UserLayout.PageSize
            )
            {
                return Status.AlreadyMapped;
            }
        }
        return Status.Ok;
    }

    private void Unmap(int frame)
    {
        Status status = World.Invoke(0, _frames[frame], (ulong)FrameOperation.Unmap);
        Assert.Equal(_windows[frame] == null ? Status.NotMapped : Status.Ok, status);
        Forget(frame);
    }

    private void Forget(int frame)
    {
        if (_windows[frame] is ulong window)
        {
            for (ulong i = 0; i < FramePages; i++)
            {
                bool own =
                    _entries.TryGetValue(window + i, out ulong there)
                    && there == _physical[frame] + i * UserLayout.PageSize;
                if (own)
                {
                    _entries.Remove(window + i);
                }
            }
        }
        _windows[frame] = null;
    }

    private void MapTable(int region)
    {
        Status status = World.Invoke(
            0,
            _tables[region],
            (ulong)PageTableOperation.Map,
            _space,
            AddressOf((ulong)region * 512),
            1
        );
        Assert.Equal(_mapped[region] ? Status.AlreadyMapped : Status.Ok, status);
        _mapped[region] = true;
    }

    private void UnmapTable(int region)
    {
        Status status = World.Invoke(0, _tables[region], (ulong)PageTableOperation.Unmap);
        Assert.Equal(_mapped[region] ? Status.Ok : Status.NotMapped, status);
        _mapped[region] = false;
        foreach (ulong page in _entries.Keys.Where(page => page / 512 == (ulong)region).ToArray())
        {
            _entries.Remove(page);
        }
    }

    /// <summary>The address space goes, and another takes its slot. Its tables and frames stay, mapped nowhere.</summary>
    private void Renew()
    {
        Assert.Equal(Status.Ok, World.Delete(_space));
        Assert.Equal(Status.Ok, World.Retype(World.Untyped, ObjectType.AddressSpace, _space));
        MapUpper();
        _entries.Clear();
        _mapped.AsSpan().Clear();
        _windows.AsSpan().Clear();
    }

    /// <summary>The capability moves to another slot; its window goes along.</summary>
    private void Flip(int frame)
    {
        uint slot = _frames[frame] < 500 ? _frames[frame] + 500 : _frames[frame] - 500;
        Assert.Equal(Status.Ok, World.Move(slot, _frames[frame]));
        _frames[frame] = slot;
    }

    public void Check()
    {
        for (ulong page = FirstPage; page < FirstPage + Pages + FramePages; page++)
        {
            Status status = World.Invoke(0, _space, (ulong)AddressSpaceOperation.Query, AddressOf(page));
            bool mapped = _entries.TryGetValue(page, out ulong physical);
            Assert.Equal(mapped ? Status.Ok : Status.NotMapped, status);
            Assert.True(!mapped || World.Operator(0)->Word0 == physical, $"page {page} shows another frame");
        }
    }
}
