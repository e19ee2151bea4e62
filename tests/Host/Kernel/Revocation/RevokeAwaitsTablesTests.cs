using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Revoke answers Ok while a table that went by it is not emptied, since a helper made the step.</summary>
public sealed unsafe class RevokeAwaitsTablesTests
{
    private readonly World _world = new(2);

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Revoke_ends_with_what_it_took_away(int helper)
    {
        uint memory = _world.Make(ObjectType.Untyped, sizeBits: 14);
        uint thread = _world.NewSlot();
        uint second = _world.NewSlot();
        uint third = _world.NewSlot();
        uint free = _world.NewSlot(2);
        // A table of other memory, with the last capability to an object in it.
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 8);
        if (helper == 2)
        {
            // newest is the thread, so the revoker itself takes it away, and the helper the rest
            Good(_world.Retype(memory, ObjectType.Endpoint, second));
            Good(_world.Retype(memory, ObjectType.Endpoint, third));
            Good(_world.Retype(memory, ObjectType.Thread, thread));
        }
        else
        {
            Good(_world.Retype(memory, ObjectType.Thread, thread));
            Good(_world.Retype(memory, ObjectType.Endpoint, second));
            Good(_world.Retype(memory, ObjectType.Endpoint, third));
        }
        Good(_world.OnThread(thread, ThreadOperation.SetSpaces, World.Pack(table, World.Space)));
        // In it: the last capability to a thread that runs on CPU 1 at low priority.
        Worker victim = _world.Start(1, 3);
        uint inTable = 5;
        Good(
            _world.Invoke(0, table, (ulong)CapTableOperation.Move, World.Pack(inTable, World.Own), victim.Slot) is var s
            && s != Status.Ok
                ? Move(table, inTable, victim.Slot)
                : s
        );
        Good(_world.Delete(table));
        int round = 0;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            round++;
            LocalApic.AsksUntilPending = -1;
            if (helper != 0 && round >= 1)
            {
                // Retypes in the memory that is being revoked: helps to the end.
                _world.InvokeBetween(
                    1,
                    helper == 1 ? World.Own : memory,
                    helper == 1 ? (ulong)CapTableOperation.Copy : (ulong)UntypedOperation.Query,
                    helper == 1 ? free : 0,
                    helper == 1 ? World.Pack(thread, 7) : 0,
                    0
                );
            }
            LocalApic.AsksUntilPending = 0;
        };
        Good(_world.Revoke(memory));
        _world.Between = null;
        LocalApic.AsksUntilPending = -1;
        Assert.False(
            DyingTables.Any,
            $"after {round} rounds: a table is still to be emptied; the thread in it is {victim.State}"
        );
        Assert.Equal(ThreadState.Inactive, victim.State);
    }

    private Status Move(uint table, uint to, uint from) =>
        _world.Invoke(0, table, (ulong)CapTableOperation.Move, World.Pack(to, 0), World.Pack(from, 7));
}
