using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Deletions with an interrupt after every step, and what other threads do in between: the kernel's state holds together
/// there, what is half deleted cannot be used, and everybody may finish it.
/// </summary>
public sealed unsafe class InterruptedDeletionTests
{
    private const int TableBits = 4;

    private readonly World _world = new(2);

    private static ulong Nested(uint table, uint slot) => World.Pack(table, slot);

    /// <summary>A call is interrupted wherever it can be, and the invariants hold each time.</summary>
    private void InterruptAlways()
    {
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            Assert.Empty(Invariants.Broken(_world));
            LocalApic.AsksUntilPending = 0;
        };
    }

    private void Stop()
    {
        LocalApic.AsksUntilPending = -1;
        _world.Between = null;
    }

    private Status InTable(uint table, CapTableOperation operation, uint slot, uint other, uint rights = 7) =>
        _world.Invoke(0, table, (ulong)operation, World.Pack(slot, 0), World.Pack(other, rights));

    /// <summary>A table full of copies of one endpoint.</summary>
    private uint FullTable(uint endpoint)
    {
        uint table = _world.Make(ObjectType.CapTable, sizeBits: TableBits);
        for (uint i = 1; i < 1 << TableBits; i++)
        {
            Assert.Equal(Status.Ok, InTable(table, CapTableOperation.Copy, i, endpoint));
        }
        return table;
    }

    [Fact]
    public void ATableGoesStepByStep()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint table = FullTable(endpoint);
        InterruptAlways();
        Assert.Equal(Status.Ok, _world.Delete(table));
        Assert.True(_world.Restarts >= 15, $"{_world.Restarts} interrupts");
        Assert.True(_world.Slot(table)->IsEmpty);
        Assert.False(DerivationTree.HasChildren(_world.Slot(endpoint)));
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void WhatIsHalfDeletedCanOnlyBeDeleted()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint table = FullTable(endpoint);
        uint empty = _world.NewSlot();
        int seen = 0;
        LocalApic.AsksUntilPending = 3;
        _world.Between = () =>
        {
            seen++;
            Assert.Equal(Status.BeingDeleted, Of(1, Nested(table, 3), 1));
            Assert.Equal(Status.BeingDeleted, Of(1, table, (ulong)CapTableOperation.Delete, 3));
            Assert.Equal(Status.BeingDeleted, OnOwn(CapTableOperation.Copy, empty, table));
            Assert.Equal(Status.BeingDeleted, OnOwn(CapTableOperation.Move, empty, table));
            Assert.Equal(Status.BeingDeleted, OnOwn(CapTableOperation.Swap, endpoint, table));
            Assert.Equal(Status.SlotOccupied, OnOwn(CapTableOperation.Copy, table, endpoint));
            ulong word = World.RetypeWord(ObjectType.Endpoint);
            ulong retype = (ulong)UntypedOperation.Retype;
            Assert.Equal(Status.BeingDeleted, Of(1, World.Untyped, retype, word, World.Pack(table, 1), 0));
            Assert.Equal(Status.SlotOccupied, Of(1, World.Untyped, retype, word, World.Pack(0, table), 0));
        };
        Assert.Equal(Status.Ok, _world.Delete(table));
        Assert.Equal(1, seen);
        Assert.Empty(Invariants.Broken(_world));
    }

    // By the other CPU's operator, as the first one is in the middle of its call.
    private Status OnOwn(CapTableOperation operation, uint slot, uint other) =>
        Of(1, World.Own, (ulong)operation, slot, World.Pack(other, 7), 0);

    private Status Of(uint cpu, ulong slot, ulong operation, ulong w0 = 0, ulong w1 = 0, ulong w2 = 0) =>
        _world.InvokeBetween(cpu, slot, operation, w0, w1, w2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SomebodyElseFinishesIt(bool byRevoke)
    {
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 14);
        uint table = _world.NewSlot();
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Assert.Equal(Status.Ok, _world.Retype(untyped, ObjectType.CapTable, table, sizeBits: TableBits));
        for (uint i = 1; i < 1 << TableBits; i++)
        {
            Assert.Equal(Status.Ok, InTable(table, CapTableOperation.Copy, i, endpoint));
        }
        LocalApic.AsksUntilPending = 4;
        _world.Between = () =>
        {
            CapTableOperation operation = byRevoke ? CapTableOperation.Revoke : CapTableOperation.Delete;
            Assert.Equal(Status.Ok, Of(1, World.Own, (ulong)operation, byRevoke ? untyped : table));
            Assert.False(DerivationTree.HasChildren(_world.Slot(untyped)));
            Assert.Empty(Invariants.Broken(_world));
        };
        // Its own slot is empty by then only if it was the other's to empty.
        Assert.Equal(byRevoke ? Status.Ok : Status.InvalidCapability, _world.Delete(table));
        Assert.True(_world.Slot(table)->IsEmpty);
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void MemoryOfADyingTableIsNotUsedAgain()
    {
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 14);
        uint table = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(untyped, ObjectType.CapTable, table, sizeBits: TableBits));
        Assert.Equal(Status.Ok, InTable(table, CapTableOperation.Copy, 9, World.Space));
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            Assert.Equal(Status.HasChildren, Of(1, untyped, (ulong)UntypedOperation.Reset));
            Assert.Equal(Status.HasChildren, Of(1, World.Own, (ulong)CapTableOperation.Delete, untyped));
        };
        Assert.Equal(Status.Ok, _world.Delete(table));
        Assert.Equal(Status.Ok, _world.Invoke(0, untyped, (ulong)UntypedOperation.Reset));
    }

    [Fact]
    public void TablesThatHoldEachOtherGo()
    {
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 14);
        uint one = _world.NewSlot();
        uint two = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(untyped, ObjectType.CapTable, one, sizeBits: TableBits));
        Assert.Equal(Status.Ok, _world.Retype(untyped, ObjectType.CapTable, two, sizeBits: TableBits));
        uint kept = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Copy(kept, one));
        Assert.Equal(Status.Ok, InTable(one, CapTableOperation.Move, 7, two));
        // The short form names the other table's slot: table `one` in a slot below 256.
        Assert.True(one < 256);
        ulong inTwo = World.Pack(one, 7);
        Assert.Equal(
            Status.Ok,
            _world.Invoke(0, inTwo, (ulong)CapTableOperation.Move, World.Pack(5, 0), World.Pack(one, 0))
        );
        Assert.Equal(Status.Ok, _world.Delete(kept));
        InterruptAlways();
        Assert.Equal(Status.Ok, _world.Revoke(untyped));
        Stop();
        Assert.False(DerivationTree.HasChildren(_world.Slot(untyped)));
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void ALongChainOfTablesGoesWithoutRecursion()
    {
        const int length = 150;
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 16);
        uint first = _world.NewSlot();
        uint moving = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(untyped, ObjectType.CapTable, first, sizeBits: 1));
        for (int i = 0; i < length; i++)
        {
            // The table so far goes into the new one, which takes its slot.
            Assert.Equal(Status.Ok, _world.Retype(untyped, ObjectType.CapTable, moving, sizeBits: 1));
            Assert.Equal(Status.Ok, InTable(moving, CapTableOperation.Move, 1, first));
            Assert.Equal(Status.Ok, _world.Move(first, moving));
        }
        InterruptAlways();
        Assert.Equal(Status.Ok, _world.Delete(first));
        Stop();
        Assert.False(DerivationTree.HasChildren(_world.Slot(untyped)));
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void AThreadSTableGoesWithTheThread()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint table = FullTable(endpoint);
        uint thread = _world.Make(ObjectType.Thread, cpu: 1);
        ulong spaces = World.Pack(table, World.Space);
        Assert.Equal(Status.Ok, _world.OnThread(thread, ThreadOperation.SetSpaces, spaces));
        Assert.Equal(Status.Ok, _world.Delete(table));
        Assert.True(DerivationTree.HasChildren(_world.Slot(endpoint)));
        InterruptAlways();
        Assert.Equal(Status.Ok, _world.Delete(thread));
        Stop();
        Assert.True(_world.Restarts >= 15);
        Assert.True(_world.Slot(thread)->IsEmpty);
        Assert.False(DerivationTree.HasChildren(_world.Slot(endpoint)));
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void AThreadSOldTableGoesBeforeTheNewOneComes()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint table = FullTable(endpoint);
        uint thread = _world.Make(ObjectType.Thread);
        ulong first = World.Pack(table, World.Space);
        Assert.Equal(Status.Ok, _world.OnThread(thread, ThreadOperation.SetSpaces, first));
        Assert.Equal(Status.Ok, _world.Delete(table));
        InterruptAlways();
        ulong second = World.Pack(World.Own, World.Space);
        Assert.Equal(Status.Ok, _world.OnThread(thread, ThreadOperation.SetSpaces, second));
        Stop();
        Assert.True(_world.Restarts >= 15);
        Assert.True(_world.ThreadAt(thread)->Capabilities == _world.Table);
        Assert.False(DerivationTree.HasChildren(_world.Slot(endpoint)));
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void NoDepthIsTooDeep()
    {
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 10);
        uint first = _world.NewSlot(700);
        Assert.Equal(Status.Ok, _world.Retype(untyped, ObjectType.Endpoint, first));
        for (uint i = 1; i < 700; i++)
        {
            Assert.Equal(Status.Ok, _world.Copy(first + i, first + i - 1));
        }
        for (uint i = 0; i < 700; i += 2)
        {
            Assert.Equal(Status.Ok, _world.Delete(first + i));
        }
        Assert.Empty(Invariants.Broken(_world));
        Assert.Equal(Status.Ok, _world.Revoke(first + 349));
        Assert.False(_world.Slot(first + 349)->IsEmpty);
        Assert.True(_world.Slot(first + 351)->IsEmpty);
        InterruptAlways();
        Assert.Equal(Status.Ok, _world.Revoke(untyped));
        Stop();
        Assert.True(_world.Slot(first + 1)->IsEmpty);
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void ATableMayBeDeletedThatWasDeletedByNameOfAnother()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint inner = FullTable(endpoint);
        uint outer = _world.Make(ObjectType.CapTable, sizeBits: TableBits);
        Assert.Equal(Status.Ok, InTable(outer, CapTableOperation.Move, 2, inner));
        LocalApic.AsksUntilPending = 2;
        // While the inner table is half deleted, the outer one, in which its slot lies, goes.
        _world.Between = () => Assert.Equal(Status.Ok, Of(1, World.Own, (ulong)CapTableOperation.Delete, outer));
        Status status = _world.Invoke(0, outer, (ulong)CapTableOperation.Delete, 2);
        Assert.Equal(Status.InvalidCapability, status);
        Assert.False(DerivationTree.HasChildren(_world.Slot(endpoint)));
        Assert.Empty(Invariants.Broken(_world));
    }
}
