using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Operations;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Two regions of 1 GiB under one table, some regions of 2 MiB in them, some pages in those: pages of all three sizes, of
/// frames that overlap, are parts of each other, or are aligned like no large page. Tables come and go on each level, and
/// so does the address space. This part does the steps; what they should come to is said in the other.
/// </summary>
internal sealed unsafe partial class PageSizeModel
{
    private const ulong Base = 1ul << 39;
    private const int Tables = 8;

    /// <summary>Regions of 2 MiB in one of 1 GiB, and pages in one of 2 MiB, that addresses are chosen from.</summary>
    private static readonly ulong[] _places = [0, 1, 511];

    private readonly uint _space;
    private readonly List<ModelFrame> _frames = [];
    private readonly List<ModelTable> _tables = [];

    /// <summary>Starts anew with each step, so that a shorter sequence is made of the same steps.</summary>
    private Random _random = new(1);

    public PageSizeModel()
    {
        World = new World(2);
        World.Operate(0);
        _space = World.Make(ObjectType.AddressSpace);
        AddFrames();
        for (int i = 0; i < Tables; i++)
        {
            _tables.Add(new ModelTable(World.Make(ObjectType.PageTable)));
        }
        for (int level = 3; level >= 1; level--)
        {
            MapTable(_tables[level], level, Base);
        }
    }

    public World World { get; }

    /// <summary>Pages that were mapped, by size: a model that only ever saw refusals would prove nothing.</summary>
    public int[] Mapped { get; } = new int[3];

    private void AddFrames()
    {
        const uint gigabyte = 1 << 18;
        AddForeign(0x10_0000_0000, 2 * gigabyte + 7);
        AddForeign(0x20_0000_0000, gigabyte);
        // Physically one page beside every large page.
        AddForeign(0x30_0000_1000, 3 * 512);
        AddPart(_frames[0], 512, 1024);
        AddPart(_frames[0], 1, 3);
        AddPart(_frames[0], gigabyte - 1, 514);
        uint slot = World.NewSlot();
        Assert.Equal(Status.Ok, World.Copy(slot, _frames[0].Slot, (uint)FrameRights.Read));
        _frames.Add(new ModelFrame(slot, _frames[0].Physical, _frames[0].Pages, FrameRights.Read));
    }

    private void AddForeign(ulong physical, uint pages)
    {
        uint slot = World.NewSlot();
        const ulong operation = (ulong)MemoryControlOperation.MakeFrame;
        Status status = World.Invoke(0, World.MemoryControl, operation, World.Pack(0, slot), physical, pages);
        Assert.Equal(Status.Ok, status);
        _frames.Add(new ModelFrame(slot, physical, pages, FrameRights.All));
    }

    private void AddPart(ModelFrame whole, ulong first, uint pages)
    {
        uint slot = World.NewSlot();
        ulong offset = first * UserLayout.PageSize;
        const ulong operation = (ulong)FrameOperation.Derive;
        Assert.Equal(Status.Ok, World.Invoke(0, whole.Slot, operation, World.Pack(0, slot), offset, pages));
        _frames.Add(new ModelFrame(slot, whole.Physical + offset, pages, whole.Rights));
    }

    public void Step(int choice)
    {
        _random = new Random(choice);
        switch (_random.Next(16))
        {
            case < 7:
                MapPages(Any(_frames));
                break;
            case 7 or 8:
                Unmap(Any(_frames));
                break;
            case < 13:
                MapTable(Any(_tables), 1 + _random.Next(3), AnyAddress());
                break;
            case 13:
                UnmapTable(Any(_tables));
                break;
            case 14:
                Flip(Any(_frames));
                break;
            default:
                Renew();
                break;
        }
    }

    private T Any<T>(List<T> list) => list[_random.Next(list.Count)];

    private ulong AnyPlace() => _places[_random.Next(_places.Length)];

    private ulong AnyAddress() => Base + AnyPages() * UserLayout.PageSize;

    private ulong AnyPages() => ((ulong)(uint)_random.Next(2) << 18) + (AnyPlace() << 9) + AnyPlace();

    private void MapPages(ModelFrame frame)
    {
        var size = (PageSize)_random.Next(3);
        var attributes = PageAttributes.Of(
            (FrameRights)(_random.Next(8) | _random.Next(2)),
            (Cacheability)_random.Next(4),
            size
        );
        ulong address = AnyAddress();
        ulong offset = AnyPages() * UserLayout.PageSize % (frame.Pages * UserLayout.PageSize);
        if (_random.Next(4) != 0)
        {
            // Mostly aligned, and mostly where the frame is already.
            address -= address % PageSizes.BytesOf(size);
            offset = frame.Window is ulong window && _random.Next(4) != 0 ? address - window : offset;
            offset -= (frame.Physical + offset) % PageSizes.BytesOf(size);
        }
        Map(frame, attributes, address, offset, (uint)(1 + _random.Next(3)));
    }

    private void Map(ModelFrame frame, PageAttributes attributes, ulong address, ulong offset, uint pages)
    {
        ulong word0 = World.Pack(_space, attributes.Value);
        Status status = World.Invoke(0, frame.Slot, (ulong)FrameOperation.Map, word0, address, offset, pages);
        ulong bytes = PageSizes.BytesOf(attributes.Size);
        ulong count = Math.Min(pages, 512 - address / bytes % 512);
        Status expected = ExpectedOfMap(frame, attributes, address, offset, pages, count, out ulong detail);
        Assert.Equal(expected, status);
        Assert.Equal(detail, Word(0));
        if (status != Status.Ok)
        {
            return;
        }
        Mapped[(int)attributes.Size]++;
        frame.Window = address - offset;
        FrameRights rights = attributes.Rights & frame.Rights;
        for (ulong i = 0; i < count; i++)
        {
            _leaves[((int)attributes.Size + 1, (address / bytes) + i)] = new Leaf(
                frame.Physical + offset + i * bytes,
                attributes.With(rights).Value
            );
        }
    }

    private void Unmap(ModelFrame frame)
    {
        LocalApic.AsksUntilPending = _random.Next(4);
        Status status = World.Invoke(0, frame.Slot, (ulong)FrameOperation.Unmap);
        LocalApic.AsksUntilPending = -1;
        Assert.Equal(frame.Window == null ? Status.NotMapped : Status.Ok, status);
        Forget(frame);
    }

    private void MapTable(ModelTable table, int level, ulong address)
    {
        const ulong operation = (ulong)PageTableOperation.Map;
        Status status = World.Invoke(0, table.Slot, operation, _space, address, (ulong)level);
        Assert.Equal(ExpectedOfTable(table, level, address, out ulong missing), status);
        Assert.True(status != Status.MissingPageTable || Word(0) == missing);
        if (status == Status.Ok)
        {
            table.Level = level;
            table.Number = NumberAt(address, level + 1);
            table.IsLinked = true;
        }
    }

    private void UnmapTable(ModelTable table)
    {
        Status status = World.Invoke(0, table.Slot, (ulong)PageTableOperation.Unmap);
        Assert.Equal(table.Level == 0 ? Status.NotMapped : Status.Ok, status);
        if (table.IsLinked)
        {
            ForgetBelow(table);
        }
        table.Level = 0;
        table.IsLinked = false;
    }

    /// <summary>The capability moves to another slot; its window goes along.</summary>
    private void Flip(ModelFrame frame)
    {
        uint slot = frame.Slot < 500 ? frame.Slot + 500 : frame.Slot - 500;
        Assert.Equal(Status.Ok, World.Move(slot, frame.Slot));
        frame.Slot = slot;
    }

    /// <summary>The address space goes, and another takes its slot. Its tables and frames stay, mapped nowhere.</summary>
    private void Renew()
    {
        if (_random.Next(4) != 0)
        {
            return;
        }
        Assert.Equal(Status.Ok, World.Delete(_space));
        Assert.Equal(Status.Ok, World.Retype(World.Untyped, ObjectType.AddressSpace, _space));
        _leaves.Clear();
        _tables.ForEach(table => (table.Level, table.IsLinked) = (0, false));
        _frames.ForEach(frame => frame.Window = null);
    }

    private ulong Word(int index)
    {
        var arguments = new InvocationArguments(World.Operator(0));
        return index == 0 ? arguments.Word0 : arguments.Word1;
    }

    public void Check()
    {
        foreach (ulong page in Enumerable.Range(0, 18).Select(i => (ulong)i))
        {
            ulong pages = (page / 9 << 18) + (_places[page / 3 % 3] << 9) + _places[page % 3];
            ulong address = Base + pages * UserLayout.PageSize;
            Status status = World.Invoke(0, _space, (ulong)AddressSpaceOperation.Query, address + 8);
            Leaf? leaf = LeafAt(address, out ulong within);
            Assert.Equal(leaf == null ? Status.NotMapped : Status.Ok, status);
            if (leaf is Leaf found)
            {
                Assert.Equal(found.Physical + within, Word(0));
                Assert.Equal(found.Attributes, (uint)Word(1));
            }
        }
    }
}
