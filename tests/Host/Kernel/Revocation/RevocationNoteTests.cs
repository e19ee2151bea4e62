using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A revoke gives way and its call comes to another end: nothing of it is left.</summary>
public sealed unsafe class RevocationNoteTests
{
    private readonly World _world = new(2);

    /// <summary>The interrupt is the machine's, or the lock is wanted by another CPU, whose system call helps the revoke.</summary>
    [Theory]
    [InlineData(9, false)]
    [InlineData(12, true)]
    public void NoneIsNotedOfASlotWhoseTableHasEnded(int outerBits, bool anotherCpuCalls)
    {
        // parent -> inner untyped -> tables `outer`, `table`; the only capability to `table` lies in `outer`, that to the
        // inner untyped in `table`.
        uint parent = _world.Make(ObjectType.Untyped, sizeBits: 19);
        uint inner = _world.NewSlot();
        uint outer = _world.NewSlot();
        uint table = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(parent, ObjectType.Untyped, inner, sizeBits: 18));
        Assert.Equal(Status.Ok, _world.Retype(inner, ObjectType.CapTable, table, sizeBits: 4));
        Assert.Equal(Status.Ok, _world.Retype(inner, ObjectType.CapTable, outer, sizeBits: (uint)outerBits));
        ulong move = (ulong)CapTableOperation.Move;
        var revoked = (Capability*)_world.Slot(table)->Object + 3;
        Assert.Equal(Status.Ok, _world.Invoke(0, table, move, World.Pack(3, 0), World.Pack(inner, 0)));
        Assert.Equal(Status.Ok, _world.Invoke(0, outer, move, World.Pack(7, 0), World.Pack(table, 0)));
        // The interrupt that comes just when `table` has ended and `outer` has not.
        LocalApic.AsksUntilPending = 3;
        _world.Between = () =>
        {
            if (anotherCpuCalls)
            {
                _world.InvokeBetween(
                    1,
                    World.Untyped,
                    (ulong)UntypedOperation.Retype,
                    World.RetypeWord(ObjectType.Endpoint),
                    World.Pack(0, _world.NewSlot()),
                    1
                );
            }
            LocalApic.AsksUntilPending = -1;
            Assert.True(DyingTables.Any);
            Assert.True(revoked->IsEmpty);
            Assert.False(Revocation.IsUnderWay);
        };
        Status status = _world.Invoke(0, World.Pack(outer, 7), (ulong)CapTableOperation.Revoke, 3);
        _world.Between = null;
        Assert.NotEqual(Status.Ok, status);
        Assert.Equal(1, _world.Restarts);
        Assert.False(Revocation.IsUnderWay);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>The note of a revoke whose call has ended otherwise goes on taking away what its thread derives anew.</summary>
    [Fact]
    public void ANoteEndsWithItsCall()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(Status.Ok, _world.Copy(_world.NewSlot(), endpoint));
        }
        uint through = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Copy(through, World.Own));
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            LocalApic.AsksUntilPending = -1;
            Assert.Equal(Status.Ok, _world.InvokeBetween(1, World.Own, (ulong)CapTableOperation.Delete, through));
        };
        Status status = _world.Invoke(0, through, (ulong)CapTableOperation.Revoke, endpoint);
        _world.Between = null;
        Assert.Equal(Status.InvalidCapability, status);
        // Its thread goes on with something else.
        uint made = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Copy(made, endpoint));
        _world.InvokeBetween(
            1,
            World.Untyped,
            (ulong)UntypedOperation.Retype,
            World.RetypeWord(ObjectType.Endpoint),
            World.Pack(0, _world.NewSlot()),
            1
        );
        Assert.False(_world.Slot(made)->IsEmpty, "what was derived after the revoke had ended is gone");
    }
}
