using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// When a revoke answers Ok, nothing of what it took away is in use, whoever made its steps: here the last capability to a
/// table, which a thread of the revoked memory holds, and in the table the last one to another thread.
/// </summary>
public sealed unsafe class RevokeAwaitsTablesTests() : ContendedCalls(3)
{
    private const uint Endpoints = 4;

    /// <summary>Calls of a helper for each of the revoke's.</summary>
    private const int Help = 20;

    private uint _memory;

    /// <summary>What the table is made of.</summary>
    private uint _tablesMemory;

    /// <summary>And behind it the endpoints.</summary>
    private uint _holder;

    private Worker _inside = null!;

    /// <param name="bits">Of the table; the capability lies in its last slot.</param>
    /// <param name="isHolderFirst">The newest is taken first.</param>
    private void Make(uint bits, bool isHolderFirst)
    {
        _memory = _world.Make(ObjectType.Untyped, sizeBits: 14);
        _holder = _world.NewSlot(1 + Endpoints);
        uint endpoints = _holder + 1;
        if (isHolderFirst)
        {
            Good(_world.Retype(_memory, ObjectType.Thread, _holder));
        }
        Good(_world.Retype(_memory, ObjectType.Endpoint, endpoints, Endpoints));
        if (!isHolderFirst)
        {
            Good(_world.Retype(_memory, ObjectType.Thread, _holder));
        }
        _tablesMemory = _world.Make(ObjectType.Untyped, sizeBits: 18);
        uint table = _world.NewSlot();
        Good(_world.Retype(_tablesMemory, ObjectType.CapTable, table, sizeBits: bits));
        Good(_world.OnThread(_holder, ThreadOperation.SetSpaces, World.Pack(table, World.Space)));
        _inside = _world.Start(1, 3);
        ulong place = World.Pack((1u << (int)bits) - 1, 0);
        Good(_world.Invoke(0, table, (ulong)CapTableOperation.Move, place, World.Pack(_inside.Slot, 7)));
        Good(_world.Delete(table));
    }

    private void IsGone()
    {
        Assert.Equal(ThreadState.Inactive, _inside.State);
        Assert.False(DyingTables.Any, "a table that was put aside is still full");
    }

    public enum Helper
    {
        None,
        Copies,
        Invokes,
    }

    [Theory]
    [InlineData(Helper.None, true)]
    [InlineData(Helper.None, false)]
    [InlineData(Helper.Copies, true)]
    [InlineData(Helper.Copies, false)]
    [InlineData(Helper.Invokes, true)]
    [InlineData(Helper.Invokes, false)]
    public void ARevokeThatIsOverHasEmptiedItsTables(Helper helper, bool isHolderFirst)
    {
        Make(10, isHolderFirst);
        uint copy = _world.NewSlot();
        Worker parent = _world.Start(0);
        Worker other = _world.Start(2);
        void HelpOnce()
        {
            if (helper == Helper.Invokes)
            {
                Retype(other, _memory, ObjectType.Endpoint, World.Pack(0, copy));
            }
            else if (helper == Helper.Copies)
            {
                Copy(other, copy, _world.LastFull(_holder, 1 + Endpoints));
            }
        }
        Ends(
            () => Revoke(parent, _memory),
            round =>
            {
                for (int i = 0; round > 0 && i < Help && Revocation.IsUnderWay; i++)
                {
                    HelpOnce();
                }
            }
        );
        Good(parent.Status);
        IsGone();
    }

    /// <summary>
    /// Somebody begins to take it away, gives way after his first step, and is suspended. What he has put aside is nothing to
    /// who revokes the memory of what held it, and does not keep him; who revokes the memory that the table is made of empties it.
    /// </summary>
    [Theory]
    [InlineData(CapTableOperation.Delete)]
    [InlineData(CapTableOperation.Revoke)]
    public void ATableThatAnotherHasLeftIsItsMakersToEmpty(CapTableOperation left)
    {
        Make(12, isHolderFirst: false);
        Worker other = _world.Start(0, 20);
        Assert.False(OnTable(other, left, left == CapTableOperation.Delete ? _holder : _memory));
        Good(_world.OnThread(other.Slot, ThreadOperation.Suspend));
        Assert.True(DyingTables.Any);
        Good(_world.Revoke(_memory));
        Assert.True(DyingTables.Any);
        Assert.NotEqual(ThreadState.Inactive, _inside.State);
        Good(_world.Revoke(_tablesMemory));
        IsGone();
    }

    /// <summary>
    /// A revoke takes its own thread's address space, the last that held a fault table. Whoever makes the step, the thread is
    /// stopped by it; in other spaces it makes the call once more.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARevokeThatStopsItsThreadHasEmptiedItsTablesToo(bool isHelped)
    {
        uint memory = _world.Make(ObjectType.Untyped, sizeBits: 16);
        uint endpoints = _world.NewSlot(5);
        uint space = endpoints + 4;
        Good(_world.Retype(memory, ObjectType.Endpoint, endpoints, 4));
        Good(_world.Retype(memory, ObjectType.AddressSpace, space));
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 9);
        Good(_world.Invoke(0, space, (ulong)AddressSpaceOperation.SetFaultTable, table));
        Worker inside = _world.Start(1, 3);
        Good(_world.Invoke(0, table, (ulong)CapTableOperation.Move, World.Pack(500, 0), World.Pack(inside.Slot, 7)));
        Good(_world.Delete(table));
        Worker revoker = _world.MakeThread(0);
        Good(_world.OnThread(revoker.Slot, ThreadOperation.SetSpaces, World.Pack(World.Own, space), revoker.Slot));
        _world.Resume(revoker);
        Worker helper = _world.Start(1, 10);
        // Its first step takes the space's slot; its thread has another.
        Assert.False(Revoke(revoker, memory));
        Assert.True(Revocation.IsUnderWay);
        if (isHelped)
        {
            Copy(helper, _world.NewSlot(), endpoints);
        }
        else
        {
            Revoke(revoker, memory);
        }
        Assert.Equal(ThreadState.Inactive, revoker.State);
        Assert.True(DyingTables.Any);
        Good(
            _world.OnThread(revoker.Slot, ThreadOperation.SetSpaces, World.Pack(World.Own, World.Space), revoker.Slot)
        );
        _world.Resume(revoker);
        Ends(() => Revoke(revoker, memory), _ => { });
        Good(revoker.Status);
        Assert.False(DerivationTree.HasChildren(_world.Slot(memory)));
        Assert.Equal(ThreadState.Inactive, inside.State);
        Assert.False(DyingTables.Any, "a table that was put aside is still full");
    }
}
