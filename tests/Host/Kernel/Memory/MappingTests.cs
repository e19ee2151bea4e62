using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Memory;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Address spaces against their model.</summary>
public sealed unsafe class MappingTests
{
    [Fact]
    public void PagesAreTheModelS() => Prop.ForAll(Rounds.Choices, Run).Check(Rounds.Of(100, 300));

    private static bool Run(int[] choices)
    {
        var model = new MappingModel();
        foreach (int choice in choices)
        {
            model.Step((uint)choice);
            model.Check();
        }
        return true;
    }

    [Fact]
    public void PagesOfThreeSizesAreTheModelS()
    {
        int[] mapped = new int[3];
        Prop.ForAll(Rounds.Choices, choices => RunSizes(choices, mapped)).Check(Rounds.Of(150, 300));
        Assert.All(mapped, count => Assert.InRange(count, 20, int.MaxValue));
    }

    private static bool RunSizes(int[] choices, int[] mapped)
    {
        var model = new PageSizeModel();
        foreach (int choice in choices)
        {
            model.Step(choice);
            model.Check();
        }
        for (int size = 0; size < mapped.Length; size++)
        {
            mapped[size] += model.Mapped[size];
        }
        return true;
    }

    [Theory]
    [InlineData(true, Status.Ok)]
    [InlineData(false, Status.PageSizeUnsupported)]
    public void PagesOf1GiBAreTheProcessorS(bool hasThem, Status expected)
    {
        var objects = new RefusalWorld();
        PageTables.HasGiB1 = hasThem;
        byte[] before = Snapshot.Take();
        ulong word0 = World.Pack(RefusalWorld.Space, PageAttributes.Of(FrameRights.Read, size: PageSize.GiB1).Value);
        const ulong map = (ulong)FrameOperation.Map;
        Assert.Equal(expected, objects.World.Invoke(0, RefusalWorld.LargeFrame, map, word0, 1 << 30, 0, 2));
        Assert.Equal(hasThem, Snapshot.FirstDifference(before, Snapshot.Take()) != null);
    }

    [Fact]
    public void ATableOfADestroyedAddressSpaceShowsNothingElsewhere()
    {
        var world = new World(1);
        uint[] tables =
        [
            world.Make(ObjectType.PageTable),
            world.Make(ObjectType.PageTable),
            world.Make(ObjectType.PageTable),
        ];
        uint frame = world.Make(ObjectType.Frame);
        uint first = world.Make(ObjectType.AddressSpace);
        uint second = world.Make(ObjectType.AddressSpace);
        MapAll(world, tables, first);
        Assert.Equal(Status.Ok, world.Invoke(0, frame, (ulong)FrameOperation.Map, World.Pack(first, 7), 0x1000, 0, 1));
        Assert.Equal(Status.Ok, world.Delete(first));
        MapAll(world, tables, second);
        Assert.Equal(Status.NotMapped, world.Invoke(0, second, (ulong)AddressSpaceOperation.Query, 0x1000));
        Assert.Equal(Status.Ok, world.Delete(frame));
    }

    /// <summary>With all tables there, so that it is not for want of one that they are refused.</summary>
    [Theory]
    [InlineData(0x5000ul, 0x5001ul, 0ul, Status.Misaligned)]
    [InlineData(0x5000ul, 0x5000ul, 8ul, Status.Misaligned)]
    [InlineData(0ul, 0ul, 0x1000ul, Status.InvalidAddress)]
    [InlineData(0x7fff_ffff_e000ul, 0x7fff_ffff_e000ul, 0ul, Status.InvalidAddress)]
    [InlineData(0x7fff_ffff_e000ul, 0x7fff_ffff_f000ul, 0x1000ul, Status.InvalidAddress)]
    [InlineData(0x7fff_ffff_e000ul, 0x7fff_ffff_e000ul, 0x1000ul, Status.Ok)]
    public void OnePageIsRefusedForItsPlace(ulong near, ulong address, ulong offset, Status expected)
    {
        var world = new World(1);
        uint space = world.Make(ObjectType.AddressSpace);
        uint frame = world.Make(ObjectType.Frame, pages: 2);
        for (uint level = 3; level >= 1; level--)
        {
            uint table = world.Make(ObjectType.PageTable);
            const ulong operation = (ulong)PageTableOperation.Map;
            Assert.Equal(Status.Ok, world.Invoke(0, table, operation, space, near, level));
        }
        ulong word0 = World.Pack(space, (uint)FrameRights.Read);
        world.Operate(0);
        byte[] before = Snapshot.Take();
        Assert.Equal(expected, world.Invoke(0, frame, (ulong)FrameOperation.Map, word0, address, offset, 1));
        Assert.Equal(expected == Status.Ok, Snapshot.FirstDifference(before, Snapshot.Take()) != null);
    }

    private static void MapAll(World world, uint[] tables, uint space)
    {
        for (uint level = 3; level >= 1; level--)
        {
            Assert.Equal(
                Status.Ok,
                world.Invoke(0, tables[3 - level], (ulong)PageTableOperation.Map, space, 0x1000, level)
            );
        }
    }
}
