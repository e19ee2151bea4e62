using System;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Somebody puts a full table aside, gives way behind his first step, and does not come back. Nobody makes the rest of his
/// steps but who revokes the memory that the table is made of, and then of that one alone; and he himself. Each call here is
/// one step.
/// </summary>
public sealed unsafe class LeftTablesTests() : ContendedCalls(3)
{
    private const uint LeftBits = 9;

    /// <summary>Steps of a table with one capability, and of the calls that put it aside.</summary>
    private const int FewCalls = 8;

    private const int SomeCalls = 40;

    private uint Filled(uint memory, uint bits, uint with)
    {
        uint table = _world.NewSlot();
        Good(_world.Retype(memory, ObjectType.CapTable, table, sizeBits: bits));
        for (uint i = 1; i < 1u << (int)bits; i++)
        {
            Copy(table, i, with);
        }
        return table;
    }

    private void Copy(uint table, uint to, uint source) =>
        Good(_world.Invoke(0, table, (ulong)CapTableOperation.Copy, World.Pack(to, 0), World.Pack(source, 7)));

    /// <returns>What its table is made of, and an endpoint that it is full of copies of.</returns>
    private (uint Memory, uint Endpoint) Leave(Worker other)
    {
        uint memory = _world.Make(ObjectType.Untyped, sizeBits: 16);
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint table = Filled(memory, LeftBits, endpoint);
        Assert.False(OnTable(other, CapTableOperation.Delete, table));
        Good(_world.OnThread(other.Slot, ThreadOperation.Suspend));
        return (memory, endpoint);
    }

    private static int Calls(Func<bool> call)
    {
        int calls = 1;
        while (!call())
        {
            Assert.True(++calls < 10_000);
        }
        return calls;
    }

    public enum By
    {
        Delete,
        DeleteOfThread,
        Revoke,
        SetSpaces,
        SetFaultTable,
    }

    /// <summary>A call that puts a small table aside, with the last capability to a thread in it.</summary>
    private Func<bool> CallThatPutsAside(By by, Worker caller, Worker inside)
    {
        uint memory = _world.Make(ObjectType.Untyped, sizeBits: 14);
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 2);
        Good(_world.Invoke(0, table, (ulong)CapTableOperation.Move, World.Pack(2, 0), World.Pack(inside.Slot, 0)));
        uint holder = _world.NewSlot();
        Good(_world.Retype(memory, ObjectType.Thread, holder));
        uint space = _world.Make(ObjectType.AddressSpace);
        ulong setSpaces = (ulong)ThreadOperation.SetSpaces;
        ulong setFaultTable = (ulong)AddressSpaceOperation.SetFaultTable;
        switch (by)
        {
            case By.Delete:
                return () => OnTable(caller, CapTableOperation.Delete, table);
            case By.SetFaultTable:
                Good(_world.Invoke(0, space, setFaultTable, table));
                break;
            default:
                Good(_world.OnThread(holder, ThreadOperation.SetSpaces, World.Pack(table, World.Space)));
                break;
        }
        Good(_world.Delete(table));
        return by switch
        {
            By.DeleteOfThread => () => OnTable(caller, CapTableOperation.Delete, holder),
            By.Revoke => () => Revoke(caller, memory),
            By.SetSpaces => () => Invoke(caller, holder, setSpaces, World.Pack(World.Own, World.Space)),
            _ => () => Invoke(caller, space, setFaultTable, World.Own),
        };
    }

    [Theory]
    [InlineData(By.Delete)]
    [InlineData(By.DeleteOfThread)]
    [InlineData(By.Revoke)]
    [InlineData(By.SetSpaces)]
    [InlineData(By.SetFaultTable)]
    public void WhoPutsOneAsideEmptiesThatOne(By by)
    {
        Worker caller = _world.Start(0);
        Worker inside = _world.Start(1, 3);
        (_, uint endpoint) = Leave(_world.Start(2));
        Func<bool> call = CallThatPutsAside(by, caller, inside);
        Assert.InRange(Calls(call), 2, FewCalls);
        Good(caller.Status);
        Assert.Equal(ThreadState.Inactive, inside.State);
        Assert.Equal(1, _world.DyingTables);
        Assert.True(DerivationTree.HasChildren(_world.Slot(endpoint)));
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>Whether the thread that has left it is still there or not.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhoRevokesItsMemoryEmptiesThatOne(bool isGone)
    {
        Worker one = _world.Start(1);
        Worker two = _world.Start(2);
        (_, uint othersEndpoint) = Leave(one);
        (uint memory, uint endpoint) = Leave(two);
        (_, uint lastEndpoint) = Leave(_world.Start(2));
        Worker caller = _world.Start(0);
        if (isGone)
        {
            Good(_world.Delete(two.Slot));
        }
        Assert.InRange(Calls(() => Revoke(caller, memory)), 1 << (int)LeftBits >> 1, (1 << (int)LeftBits) + FewCalls);
        Good(caller.Status);
        Assert.False(DerivationTree.HasChildren(_world.Slot(endpoint)));
        Assert.False(DerivationTree.HasChildren(_world.Slot(memory)));
        Assert.True(DerivationTree.HasChildren(_world.Slot(othersEndpoint)));
        Assert.True(DerivationTree.HasChildren(_world.Slot(lastEndpoint)));
        Assert.Equal(2, _world.DyingTables);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>
    /// What a SetSpaces has left is found by its thread, which may be resumed to do something else: it empties that with the next
    /// that it puts aside. When the thread is gone, nobody does.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AThreadEmptiesWhatItHasLeftItself(bool isGone)
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint memory = _world.Make(ObjectType.Untyped, sizeBits: 16);
        uint left = Filled(memory, LeftBits, endpoint);
        Worker holder = _world.MakeThread(1, 2);
        Good(_world.OnThread(holder.Slot, ThreadOperation.SetSpaces, World.Pack(left, World.Space)));
        Good(_world.Delete(left));
        Worker caller = _world.Start(0);
        ulong setSpaces = (ulong)ThreadOperation.SetSpaces;
        Assert.False(Invoke(caller, holder.Slot, setSpaces, World.Pack(World.Own, World.Space)));
        Good(_world.OnThread(caller.Slot, ThreadOperation.Suspend));
        if (isGone)
        {
            Good(_world.Delete(caller.Slot));
            Assert.Equal(0ul, caller.Thread->PutAside.Data);
            caller = _world.Start(0);
        }
        else
        {
            Good(_world.OnThread(caller.Slot, ThreadOperation.Resume));
        }
        Worker inside = _world.Start(1, 3);
        Func<bool> call = CallThatPutsAside(By.Revoke, caller, inside);
        int calls = Calls(call);
        Good(caller.Status);
        Assert.Equal(ThreadState.Inactive, inside.State);
        Assert.Equal(isGone, calls < FewCalls);
        Assert.Equal(isGone, DerivationTree.HasChildren(_world.Slot(endpoint)));
        Assert.Equal(isGone, _world.AreTablesDying);
        Assert.Empty(Invariants.Broken(_world));
        Good(_world.Revoke(memory));
        Assert.False(_world.AreTablesDying);
    }

    /// <summary>
    /// A chain of tables, each with the last capability to the next, is left with all of them half deleted. Who revokes the memory
    /// of any of them has emptied what lay in it.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void WhatLayInItIsEmptiedWithIt(int revoked)
    {
        const int length = 5;
        const uint bits = 3;
        uint[] memory = new uint[length];
        uint[] table = new uint[length];
        uint[] endpoint = new uint[length];
        for (int i = 0; i < length; i++)
        {
            memory[i] = _world.Make(ObjectType.Untyped, sizeBits: 12);
            endpoint[i] = _world.Make(ObjectType.Endpoint);
            table[i] = Filled(memory[i], bits, endpoint[i]);
            Assert.Equal(Status.Ok, _world.Invoke(0, table[i], (ulong)CapTableOperation.Delete, 1));
        }
        for (int i = length - 1; i > 0; i--)
        {
            ulong move = (ulong)CapTableOperation.Move;
            Good(_world.Invoke(0, table[i - 1], move, World.Pack(1, 0), World.Pack(table[i], 0)));
        }
        Worker other = _world.Start(1);
        for (int i = 0; i < length; i++)
        {
            Assert.False(OnTable(other, CapTableOperation.Delete, table[0]));
        }
        Assert.Equal(length, _world.DyingTables);
        Assert.Empty(Invariants.Broken(_world));
        Worker caller = _world.Start(0);
        Assert.InRange(Calls(() => Revoke(caller, memory[revoked])), 1, SomeCalls);
        Good(caller.Status);
        Assert.False(DerivationTree.HasChildren(_world.Slot(memory[revoked])));
        for (int i = 0; i < length; i++)
        {
            Assert.Equal(i < revoked, DerivationTree.HasChildren(_world.Slot(endpoint[i])));
        }
        Assert.Empty(Invariants.Broken(_world));
        Assert.InRange(Calls(() => OnTable(other, CapTableOperation.Delete, table[0])), 1, SomeCalls);
        Good(other.Status);
        Assert.False(_world.AreTablesDying);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>
    /// In a table lies a slot whose deletion was begun; another has begun to delete that table, and left it when he had come to
    /// this. Who revokes the memory of the outer one has emptied the inner one too.
    /// </summary>
    [Fact]
    public void WhatWasBegunInItIsEmptiedWithIt()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint inner = Filled(World.Untyped, 3, endpoint);
        uint memory = _world.Make(ObjectType.Untyped, sizeBits: 12);
        uint outer = _world.NewSlot();
        Good(_world.Retype(memory, ObjectType.CapTable, outer, sizeBits: 2));
        ulong place = World.Pack(1, 0);
        Good(_world.Invoke(0, outer, (ulong)CapTableOperation.Move, place, World.Pack(inner, 0)));
        Assert.False(Invoke(_world.Start(1), outer, (ulong)CapTableOperation.Delete, 1));
        Assert.False(OnTable(_world.Start(2), CapTableOperation.Delete, outer));
        Assert.Equal(2, _world.DyingTables);
        Worker caller = _world.Start(0);
        Assert.InRange(Calls(() => Revoke(caller, memory)), 1, SomeCalls);
        Good(caller.Status);
        Assert.False(DerivationTree.HasChildren(_world.Slot(endpoint)));
        Assert.Empty(Invariants.Broken(_world));
    }
}
