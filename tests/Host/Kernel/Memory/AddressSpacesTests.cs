using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Tests.Host.Kernel.Fakes;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Numbers of address spaces.</summary>
public sealed unsafe class AddressSpacesTests
{
    private const uint Count = 9;

    private readonly World _world = new();

    /// <summary>The n-th of the places where address spaces could lie in memory that is otherwise untyped.</summary>
    private static AddressSpace* Place(uint n) =>
        (AddressSpace*)(HostMemory.Start + HostMemory.Length - ((ulong)(n + 1) << AddressSpace.SizeBits));

    private void Restart()
    {
        new System.Span<byte>((byte*)Place(Count), (int)Count * 4).Clear();
        AddressSpaces.Initialise((uint*)Place(Count), Count);
        ClusterCpus.Count = 1;
    }

    [Theory]
    [InlineData(64ul << 20, 4097u)]
    [InlineData((512ul << 20) - 1, 32768u)]
    [InlineData(1ul << 40, 32768u)]
    [InlineData(16384ul, 2u)]
    public void ThereAreAsManyAsAddressSpacesFit(ulong bytes, uint entries) =>
        Assert.Equal(entries, AddressSpaces.EntriesFor(bytes));

    [Fact]
    public void EachIsFoundByItsNumberAsLongAsItLives()
    {
        Restart();
        for (uint i = 0; i < Count - 1; i++)
        {
            AddressSpaces.Register(Place(i));
        }
        Assert.Equal(0u, AddressSpaces.Free);
        for (uint i = 0; i < Count - 1; i++)
        {
            Assert.True(AddressSpaces.Find(Place(i)->Identifier) == Place(i));
        }
        uint old = Place(3)->Identifier;
        AddressSpaces.Unregister(Place(3));
        Assert.True(AddressSpaces.Find(old) == null);
        AddressSpaces.Register(Place(3));
        Assert.True(AddressSpaces.Find(old) == null);
        Assert.True(AddressSpaces.Find(Place(3)->Identifier) == Place(3));
    }

    /// <summary>With all but two in use, those two are used in turn, and each time as another.</summary>
    [Fact]
    public void ANumberIsUsedAgainAsLateAsCanBe()
    {
        Restart();
        for (uint i = 0; i < Count - 3; i++)
        {
            AddressSpaces.Register(Place(i));
        }
        var seen = new HashSet<uint>();
        for (int i = 0; i < 2 * 16; i++)
        {
            AddressSpaces.Register(Place(Count - 2));
            Assert.True(seen.Add(Place(Count - 2)->Identifier));
            AddressSpaces.Unregister(Place(Count - 2));
        }
        Assert.Equal(2u, AddressSpaces.Free);
    }

    [Fact]
    public void TheyAreGivenBack()
    {
        uint free = AddressSpaces.Free;
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 18);
        uint spaces = _world.NewSlot(8);
        Assert.Equal(Status.Ok, _world.Retype(untyped, ObjectType.AddressSpace, spaces, count: 8));
        Assert.Equal(free - 8, AddressSpaces.Free);
        Assert.Equal(Status.Ok, _world.Revoke(untyped));
        Assert.Equal(free, AddressSpaces.Free);
        Assert.Empty(Invariants.Broken(_world));
    }
}
