using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Memory whose capability lies in a table that was made of it. The table ends in the midst of the revoke and takes that
/// capability along, so what is older than the table goes to the parent: the revoke does not say that it is done.
/// </summary>
public sealed unsafe class OwnTableRevocationTests
{
    private const uint Index = 3;

    private readonly World _world = new(2);
    private readonly uint _parent;
    private readonly uint _memory;
    private readonly uint _frame;

    public OwnTableRevocationTests()
    {
        _parent = _world.Make(ObjectType.Untyped, sizeBits: 17);
        _memory = Make(_parent, ObjectType.Untyped, 16);
        _frame = Make(_memory, ObjectType.Frame, 0);
    }

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    private uint Make(uint memory, ObjectType type, uint sizeBits)
    {
        uint slot = _world.NewSlot();
        Good(_world.Retype(memory, type, slot, sizeBits: sizeBits));
        return slot;
    }

    private uint MoveIntoTableOf(uint memory)
    {
        uint table = Make(memory, ObjectType.CapTable, 4);
        Good(_world.Invoke(0, table, (ulong)CapTableOperation.Move, World.Pack(Index, 0), World.Pack(_memory, 0)));
        return table;
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void ItIsNotSaidThatAllIsGone(bool throughAnother, bool isInterrupted)
    {
        uint table = MoveIntoTableOf(throughAnother ? Make(_memory, ObjectType.Untyped, 12) : _memory);
        LocalApic.AsksUntilPending = isInterrupted ? 0 : -1;
        Status status = _world.Invoke(0, table, (ulong)CapTableOperation.Revoke, Index);
        LocalApic.AsksUntilPending = -1;
        Assert.Equal(Status.InvalidCapability, status);
        Assert.Empty(Invariants.Broken(_world));
        Assert.Equal(ObjectType.Frame, _world.Slot(_frame)->Type);

        Good(_world.Revoke(_parent));
        Assert.True(_world.Slot(_frame)->IsEmpty);
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void TheParentsRevokeTakesAll()
    {
        MoveIntoTableOf(_memory);
        Good(_world.Revoke(_parent));
        Assert.True(_world.Slot(_frame)->IsEmpty);
        Assert.False(DerivationTree.HasChildren(_world.Slot(_parent)));
    }
}
