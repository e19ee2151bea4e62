using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Revoke or Delete is answered Ok although what was taken away runs on, as another call that was left has the mark.</summary>
public sealed unsafe class RevokeAwaitsOthersTablesTests
{
    private readonly World _world = new(2);

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    [Theory]
    [InlineData(CapTableOperation.Delete)]
    [InlineData(CapTableOperation.Revoke)]
    public void Revoke_ends_with_what_another_began_to_take_away(CapTableOperation left)
    {
        uint memory = _world.Make(ObjectType.Untyped, sizeBits: 14);
        uint thread = _world.NewSlot();
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 12);
        Good(_world.Retype(memory, ObjectType.Thread, thread));
        Good(_world.OnThread(thread, ThreadOperation.SetSpaces, World.Pack(table, World.Space)));
        Worker victim = _world.Start(1, 3);
        Good(_world.Invoke(0, table, (ulong)CapTableOperation.Move, World.Pack(4000, 0), World.Pack(victim.Slot, 7)));
        Good(_world.Delete(table));
        // Somebody begins, gives way after its first step, and is suspended.
        Worker other = _world.Start(0, 20);
        other.Thread->Rip = 0x1000;
        LocalApic.AsksUntilPending = 0;
        uint slot = left == CapTableOperation.Delete ? thread : memory;
        _world.Call(0, SystemCall.Invoke, World.Own, MessageInfo.Of((ulong)left, 4).Value, slot);
        LocalApic.AsksUntilPending = -1;
        Assert.NotEqual(0x1000ul, other.Thread->Rip);
        Good(_world.OnThread(other.Slot, ThreadOperation.Suspend));
        Assert.True(DyingTables.Any);
        Good(_world.Revoke(memory));
        Assert.False(
            DyingTables.Any && victim.State != ThreadState.Inactive,
            $"Revoke is over, and what lay in the table of the thread that it took away is {victim.State}"
        );
    }
}
