using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>SetSpaces names a table, or an address space, that a revoke which has given way is about to take.</summary>
public sealed unsafe class UnboundSpacesTests
{
    private readonly World _world = new(2);

    private void During(uint revoked, System.Action act)
    {
        bool done = false;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            if (!done)
            {
                done = true;
                act();
            }
            LocalApic.AsksUntilPending = -1;
        };
        Assert.Equal(Status.Ok, _world.Invoke(0, World.Own, (ulong)CapTableOperation.Revoke, revoked));
        _world.Between = null;
        LocalApic.AsksUntilPending = -1;
        Assert.True(done);
    }

    /// <summary>The thread ends with a pointer to a table that it does not hold.</summary>
    [Fact]
    public void AThreadUsesNoTableThatItDoesNotHold()
    {
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(Status.Ok, _world.Copy(_world.NewSlot(), table));
        }
        uint thread = _world.Make(ObjectType.Thread);
        Status status = Status.InvalidState;
        During(
            table,
            () =>
                status = _world.InvokeBetween(
                    1,
                    thread,
                    (ulong)ThreadOperation.SetSpaces,
                    World.Pack(table, World.Space)
                )
        );
        var t = _world.ThreadAt(thread);
        Assert.True(
            t->Capabilities == null || !t->CapTableBinding.IsEmpty,
            $"status {status}, no binding, but a table; broken: {string.Join(",", Invariants.Broken(_world))}"
        );
    }

    /// <summary>An address space instead: a root without a binding.</summary>
    [Fact]
    public void AThreadRunsInNoAddressSpaceThatItDoesNotHold()
    {
        uint space = _world.Make(ObjectType.AddressSpace);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(Status.Ok, _world.Copy(_world.NewSlot(), space));
        }
        uint thread = _world.Make(ObjectType.Thread);
        Status status = Status.InvalidState;
        During(
            space,
            () =>
                status = _world.InvokeBetween(1, thread, (ulong)ThreadOperation.SetSpaces, World.Pack(World.Own, space))
        );
        var t = _world.ThreadAt(thread);
        Assert.True(
            t->AddressSpace == null || !t->AddressSpaceBinding.IsEmpty,
            $"status {status}, no binding, but a space; broken: {string.Join(",", Invariants.Broken(_world))}"
        );
    }

    /// <summary>The table's memory becomes a frame, into which user mode writes what capabilities it likes.</summary>
    [Fact]
    public void NobodyForgesACapability()
    {
        uint part = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(World.Untyped, ObjectType.Untyped, part, 1, 14));
        uint table = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(part, ObjectType.CapTable, table, 1, 4));
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(Status.Ok, _world.Copy(_world.NewSlot(), table));
        }
        Worker thief = _world.MakeThread(1, 20);
        Status status = Status.InvalidState;
        During(
            table,
            () =>
                status = _world.InvokeBetween(
                    1,
                    thief.Slot,
                    (ulong)ThreadOperation.SetSpaces,
                    World.Pack(table, World.Space)
                )
        );
        // The owner of the memory takes all of it back, and makes a frame of it.
        Assert.Equal(Status.Ok, _world.Revoke(part));
        Assert.True(_world.Slot(table)->IsEmpty, "the table is gone");
        uint frame = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(part, ObjectType.Frame, frame));
        // What the frame's owner writes there in user mode: at its place 1 the words of a capability to the operators' table.
        ulong* mapped = (ulong*)(KernelLayout.DirectMap + _world.Slot(frame)->PhysicalBase);
        Capability* forged = (Capability*)mapped + 1;
        *forged = *_world.Slot(World.Own);
        Status resumed = _world.OnThread(thief.Slot, ThreadOperation.Resume);
        _world.Serve(1);
        if (_world.Cpu(1)->Current == thief.Thread)
        {
            _world.Call(1, SystemCall.Invoke, 1, MessageInfo.Of((ulong)CapTableOperation.Delete, 4).Value, World.Ports);
        }
        Assert.True(
            !_world.Slot(World.Ports)->IsEmpty,
            $"SetSpaces {status}, Resume {resumed}; the thread's table is the frame: {thief.Thread->Capabilities == (Capability*)mapped}; its Delete by a forged capability: {thief.Status}"
        );
    }

    /// <summary>The space's memory becomes a frame: who has that writes the page tables that the CPU loads.</summary>
    [Fact]
    public void NobodyWritesPageTables()
    {
        uint part = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(World.Untyped, ObjectType.Untyped, part, 1, 16));
        uint space = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(part, ObjectType.AddressSpace, space));
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(Status.Ok, _world.Copy(_world.NewSlot(), space));
        }
        Worker thief = _world.MakeThread(1, 20);
        Status status = Status.InvalidState;
        During(
            space,
            () =>
                status = _world.InvokeBetween(
                    1,
                    thief.Slot,
                    (ulong)ThreadOperation.SetSpaces,
                    World.Pack(World.Own, space)
                )
        );
        Assert.Equal(Status.Ok, _world.Revoke(part));
        uint frame = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(part, ObjectType.Frame, frame, 1, pages: 4));
        Status resumed = _world.OnThread(thief.Slot, ThreadOperation.Resume);
        _world.Serve(1);
        ulong offset = _world.Cpu(1)->CurrentRoot - _world.Slot(frame)->PhysicalBase;
        Assert.True(
            offset >= 4 * 4096,
            $"SetSpaces {status}, Resume {resumed}, the root that CPU 1 has loaded is byte {offset} of a user's frame"
        );
    }
}
