using System;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// SetSpaces and SetFaultTable put the last capability to a large table aside, in which the last one to a thread lies, and give
/// way. When they are over it is empty, whatever others have done in between.
/// </summary>
public sealed unsafe class SpacesEndTests : ContendedCalls
{
    private const uint Bits = 12;

    private readonly uint _fresh;
    private readonly uint _space;
    private readonly Worker _holder;
    private readonly Worker _inside;
    private readonly Worker _parent;

    public SpacesEndTests()
        : base(4)
    {
        uint old = _world.Make(ObjectType.CapTable, sizeBits: Bits);
        _inside = _world.Start(1, 3);
        ulong last = World.Pack((1u << (int)Bits) - 1, 0);
        Good(_world.Invoke(0, old, (ulong)CapTableOperation.Move, last, World.Pack(_inside.Slot, 7)));
        _fresh = _world.Make(ObjectType.CapTable, sizeBits: 4);
        _holder = _world.MakeThread(1, 2);
        _space = _world.Make(ObjectType.AddressSpace);
        Good(_world.OnThread(_holder.Slot, ThreadOperation.SetSpaces, World.Pack(old, World.Space)));
        Good(_world.Invoke(0, _space, (ulong)AddressSpaceOperation.SetFaultTable, old));
        Good(_world.Delete(old));
        _parent = _world.Start(0);
    }

    private bool SetSpaces() =>
        Invoke(_parent, _holder.Slot, (ulong)ThreadOperation.SetSpaces, World.Pack(_fresh, World.Space));

    private bool SetFaultTable() => Invoke(_parent, _space, (ulong)AddressSpaceOperation.SetFaultTable, _fresh);

    private void IsOver()
    {
        Good(_parent.Status);
        Assert.Equal(ThreadState.Inactive, _inside.State);
        Assert.False(DyingTables.Any);
    }

    /// <summary>The first to let it go has nothing to put aside.</summary>
    private Func<bool> LastToLetGo(bool isFaultTable)
    {
        if (isFaultTable)
        {
            Good(_world.OnThread(_holder.Slot, ThreadOperation.SetSpaces, World.Pack(_fresh, World.Space)));
            return SetFaultTable;
        }
        Good(_world.Invoke(0, _space, (ulong)AddressSpaceOperation.SetFaultTable, _fresh));
        return SetSpaces;
    }

    /// <summary>Somebody revokes copies of the new table, who can't be told from one above the caller.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BesideARevokeOfTheNewOne(bool isFaultTable)
    {
        Func<bool> call = LastToLetGo(isFaultTable);
        uint copy = _world.NewSlot();
        Good(_world.Copy(copy, _fresh));
        _world.Copies(copy, 3);
        Worker other = _world.Start(2);
        Assert.False(call());
        Assert.True(DyingTables.Any);
        Assert.False(Revoke(other, copy));
        Assert.True(Revocation.IsUnderWay);
        Ends(call, _ => { });
        IsOver();
    }

    /// <summary>Resumed in between, the thread is active: what is left to do does not concern it.</summary>
    [Fact]
    public void ThoughItsThreadWasResumed()
    {
        Func<bool> call = LastToLetGo(isFaultTable: false);
        Assert.False(call());
        Assert.True(DyingTables.Any);
        Good(_world.OnThread(_holder.Slot, ThreadOperation.Resume, by: 2));
        Ends(call, _ => { });
        IsOver();
    }

    /// <summary>What it had to wait for is forgotten with that, and found again.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ThoughItsCallerWasSuspendedAndResumed(bool isFaultTable)
    {
        Func<bool> call = LastToLetGo(isFaultTable);
        Assert.False(call());
        Assert.True(DyingTables.Any);
        Good(_world.OnThread(_parent.Slot, ThreadOperation.Suspend, by: 2));
        Good(_world.OnThread(_parent.Slot, ThreadOperation.Resume, by: 2));
        _world.Serve(0);
        Ends(call, _ => { });
        IsOver();
    }
}
