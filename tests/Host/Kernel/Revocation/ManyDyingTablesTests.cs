using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Tests.Host.Kernel.Fakes;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Somebody leaves more than half a million tables half deleted. Numbers of 20 bits told them apart once: with so many at a
/// time the first of them seemed to be later than the last, and what was deleted behind them seemed to be gone.
/// </summary>
public sealed unsafe class ManyDyingTablesTests
{
    private const uint Pile = (1u << 19) + 1000;
    private const int PileBits = 26;
    private const uint PileMemory = 900;

    /// <summary>Slots: none is passed in one step.</summary>
    private const uint FirstBits = 10;

    private readonly World _world = new(1);

    public ManyDyingTablesTests() => MakePile();

    /// <summary>Each stands for a call that gave way behind its first step, and was not made again.</summary>
    private void MakePile()
    {
        _world.Put(PileMemory, ObjectType.Untyped, HostMemory.MapMore(1ul << PileBits), 0, PileBits);
        Leave(World.Untyped, FirstBits);
        while (DyingTables.Come < Pile)
        {
            Leave(PileMemory, 1);
        }
    }

    private readonly uint _left = 901;

    private void Leave(uint memory, uint bits)
    {
        Assert.Equal(Status.Ok, _world.Retype(memory, ObjectType.CapTable, _left, sizeBits: bits));
        ClusterLock.Hold(() => Deletion.DeleteOne(_world.Cpu(0), _world.Slot(_left)));
    }

    private (uint Table, uint Memory) MakeTableWithMemory()
    {
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        uint memory = _world.Make(ObjectType.Untyped, sizeBits: 12);
        Assert.Equal(Status.Ok, _world.Retype(memory, ObjectType.Endpoint, _left));
        ulong move = (ulong)CapTableOperation.Move;
        Assert.Equal(Status.Ok, _world.Invoke(0, table, move, World.Pack(3, 0), World.Pack(_left, 0)));
        Assert.True(DerivationTree.HasChildren(_world.Slot(memory)));
        return (table, memory);
    }

    [Fact]
    public void WhatATableHoldsIsGoneWhenItsDeleteIsAnswered()
    {
        (uint table, uint memory) = MakeTableWithMemory();
        Assert.Equal(Status.Ok, _world.Delete(table));
        Assert.False(DerivationTree.HasChildren(_world.Slot(memory)));
        Assert.False(DyingTables.Any);
    }

    /// <summary>A thread that is made of what is revoked holds the last capability to the table.</summary>
    [Fact]
    public void AndWhenARevokeIs()
    {
        (uint table, uint memory) = MakeTableWithMemory();
        uint revoked = _world.Make(ObjectType.Untyped, sizeBits: 12);
        uint thread = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(revoked, ObjectType.Thread, thread));
        ulong spaces = World.Pack(table, World.Space);
        Assert.Equal(Status.Ok, _world.OnThread(thread, ThreadOperation.SetSpaces, spaces, 1));
        Assert.Equal(Status.Ok, _world.Delete(table));
        Assert.Equal(Status.Ok, _world.Revoke(revoked));
        Assert.False(DerivationTree.HasChildren(_world.Slot(memory)));
    }
}
