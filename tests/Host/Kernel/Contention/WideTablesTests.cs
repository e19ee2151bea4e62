using System;
using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// While a table is deleted that holds the last capabilities to three others, a component fills those that have not had their
/// turn, each with three more, made of whatever memory the deletion has just given back. The deletion takes steps for what its
/// memory holds, once: not three times as many for each level.
/// </summary>
public sealed unsafe class WideTablesTests() : ContendedCalls(2)
{
    private const int Brothers = 3;

    /// <summary>Memories that the component has for each level, so that one is free while the other is emptied.</summary>
    private const int Memories = 2;

    /// <summary>A table is 512 bytes of memory, three of them and one that holds them.</summary>
    private const int StepsPerLevel = 12;

    private readonly Queue<Action> _calls = [];
    private Level[] _levels = [];

    [Theory]
    [InlineData(4, 1)]
    [InlineData(10, 1)]
    [InlineData(10, 3)]
    public void ADeleteTakesStepsForTheMemoryThereIs(int depth, int callsForEachStep)
    {
        _levels = new Level[depth];
        for (int i = 0; i < depth; i++)
        {
            _levels[i] = new Level(_world);
        }
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 2);
        uint place = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Move(place, table));
        Assert.Equal(Status.Ok, _world.Copy(table, place));
        Fill(table, depth - 1, 0);
        Work(10_000);
        Worker parent = _world.Start(1);
        int steps = 1;
        while (!OnTable(parent, CapTableOperation.Delete, place))
        {
            Assert.True(++steps <= (depth + 1) * StepsPerLevel, "more steps than the memory has slots");
            Work(callsForEachStep);
        }
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>The component makes three tables, which only this one has, and knows three ways to fill them.</summary>
    private void Fill(uint table, int level, int memory)
    {
        Level own = _levels[level];
        uint untyped = own.Untyped[memory];
        uint copies = own.Copies[memory];
        ulong three = World.RetypeWord(ObjectType.CapTable, Brothers, 2);
        _calls.Enqueue(() => _world.Invoke(0, untyped, (ulong)UntypedOperation.Retype, three, World.Pack(table, 1), 1));
        for (uint i = 0; level > 0 && i < Brothers; i++)
        {
            ulong to = World.Pack(copies + i, table);
            ulong source = World.Pack(i + 1, 7);
            _calls.Enqueue(() => _world.Invoke(0, World.Own, (ulong)CapTableOperation.Copy, to, source));
            _levels[level - 1].Unfilled.Enqueue(copies + i);
        }
        _calls.Enqueue(() => _world.Delete(table));
    }

    private void Work(int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            if (_calls.Count == 0)
            {
                Plan();
            }
            if (!_calls.TryDequeue(out Action? call))
            {
                return;
            }
            call();
        }
    }

    /// <summary>The lowest level that has a table to fill and memory to do it with.</summary>
    private void Plan()
    {
        for (int level = 0; level < _levels.Length - 1; level++)
        {
            for (int memory = 0; memory < Memories; memory++)
            {
                bool isFree = !DerivationTree.HasChildren(_world.Slot(_levels[level].Untyped[memory]));
                if (isFree && _levels[level].Unfilled.TryDequeue(out uint table))
                {
                    Fill(table, level, memory);
                    return;
                }
            }
        }
    }

    private sealed class Level
    {
        public Level(World world)
        {
            for (int i = 0; i < Memories; i++)
            {
                Untyped[i] = world.Make(ObjectType.Untyped, sizeBits: 9);
                Copies[i] = world.NewSlot(Brothers);
            }
        }

        public uint[] Untyped { get; } = new uint[Memories];

        public uint[] Copies { get; } = new uint[Memories];

        public Queue<uint> Unfilled { get; } = [];
    }
}
