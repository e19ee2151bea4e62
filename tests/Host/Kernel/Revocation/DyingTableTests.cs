using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A neighbour on CPU 1 keeps a table dying at all times, in bounded memory: each time that somebody else's call gives way it
/// makes one system call. That call ends all the same, as it waits for no table that came after its own.
/// </summary>
public sealed unsafe class DyingTableTests
{
    private const int MostRounds = 200;
    private readonly World _world = new(2);
    private const int Sets = 4;
    private int _tables;
    private uint _control;

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    /// <summary>One system call for each element; all memory is made before.</summary>
    private IEnumerator<int> Attacker()
    {
        uint[] forTable = new uint[Sets];
        uint[] forObjects = new uint[Sets];
        uint[] table = new uint[Sets];
        for (int i = 0; i < Sets; i++)
        {
            forTable[i] = _world.Make(ObjectType.Untyped, sizeBits: 13);
            forObjects[i] = _world.Make(ObjectType.Untyped, sizeBits: 13);
            table[i] = _world.NewSlot();
        }
        Worker worker = _world.Start(1, 1);
        // Its time and priority come from a control that somebody has given it.
        Good(_world.ConfigureBy(worker.Context, 10_000, 0, _control, by: 1));
        Good(
            _world.OnThread(worker.Slot, ThreadOperation.SetScheduling, World.Pack(1, worker.Context), _control, by: 1)
        );
        Worker holder = _world.MakeThread(1, 1);
        yield return 0;
        for (int half = 0; ; half = (half + 1) % Sets)
        {
            ulong retype = (ulong)UntypedOperation.Retype;
            ulong word = World.RetypeWord(ObjectType.CapTable, 1, 8);
            // Whichever is free again: the table that died last is emptied first.
            while (_world.InvokeBetween(1, forTable[half], retype, word, World.Pack(0, table[half]), 0) != Status.Ok)
            {
                half = (half + 1) % Sets;
                yield return 1;
            }
            yield return 1;
            word = World.RetypeWord(ObjectType.Endpoint, CallLimits.Objects, 0, 1);
            while (_world.InvokeBetween(1, forObjects[half], retype, word, World.Pack(table[half], 1), 0) != Status.Ok)
            {
                yield return 2;
            }
            yield return 2;
            SetSpaces(worker, holder.Slot, table[half]);
            yield return 3;
            Good(_world.InvokeBetween(1, worker.Slot, (ulong)ThreadOperation.Suspend));
            yield return 4;
            Good(_world.InvokeBetween(1, worker.Slot, (ulong)ThreadOperation.Resume));
            ServeOwn();
            yield return 5;
            Good(_world.InvokeBetween(1, World.Own, (ulong)CapTableOperation.Delete, table[half]));
            yield return 6;
            SetSpaces(worker, holder.Slot, World.Own);
            _tables++;
            yield return 7;
            Good(_world.InvokeBetween(1, worker.Slot, (ulong)ThreadOperation.Suspend));
            yield return 8;
            Good(_world.InvokeBetween(1, worker.Slot, (ulong)ThreadOperation.Resume));
            ServeOwn();
            yield return 9;
        }
    }

    private void ServeOwn() => _world.Serve(1);

    /// <summary>Gives way after its first step, as the lock is wanted; the worker's call is not made again.</summary>
    private void SetSpaces(Worker worker, uint thread, uint table)
    {
        ulong spaces = World.Pack(table, World.Space);
        _world.InvokeAmongOthers(worker.Thread, thread, (ulong)ThreadOperation.SetSpaces, spaces, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void ANeighbourSDyingTablesDoNotKeepACallFromItsEnd(int what)
    {
        uint target = _world.Make(ObjectType.Endpoint);
        uint copies = _world.NewSlot(4);
        for (uint i = 0; i < 4 && what == 0; i++)
        {
            Good(_world.Copy(copies + i, target));
        }
        uint last = _world.Make(ObjectType.Notification);
        Worker idle = _world.MakeThread(0, 5);
        _control = _world.NewSlot();
        Good(_world.DeriveControl(_control, World.FirstSchedControl + 1, 20));
        IEnumerator<int> attacker = Attacker();
        attacker.MoveNext();
        // Before the victim begins, one table is dying.
        while (_tables == 0)
        {
            attacker.MoveNext();
        }
        Assert.True(DyingTables.Any);
        int rounds = 0;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            Assert.True(
                ++rounds < MostRounds,
                $"not ended after {MostRounds} calls, each of which made a step; {_tables} tables of the neighbour's were begun"
            );
            LocalApic.AsksUntilPending = -1;
            // Whose control is gone does nothing more.
            if (DerivationTree.HasChildren(_world.Slot(_control)))
            {
                attacker.MoveNext();
            }
            LocalApic.AsksUntilPending = 0;
        };
        switch (what)
        {
            case 0:
                Good(_world.Revoke(target));
                break;
            case 1:
                // Nothing was derived from it.
                Good(_world.Revoke(target));
                break;
            case 2:
                // The last capability of a notification where nobody waits.
                Good(_world.Delete(last));
                break;
            case 4:
                // Takes the attacker's own time and priority away: it would be over.
                Good(_world.Revoke(_control));
                break;
            case 3:
                Good(_world.OnThread(idle.Slot, ThreadOperation.SetSpaces, World.Pack(World.Own, World.Space), 1));
                break;
        }
        _world.Between = null;
        LocalApic.AsksUntilPending = -1;
        Assert.Empty(Invariants.Broken(_world));
    }
}
