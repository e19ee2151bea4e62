using System;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Skerry.Tests.Host.Kernel.Fakes;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Memory is zeroed when something is made of it, no earlier, and in steps. World leaves rubbish in it.</summary>
public sealed unsafe class ZeroingTests
{
    private const int Bits = 18;
    private const uint Pages = 1 << (Bits - 12);

    private readonly World _world = new(2);
    private readonly uint _untyped;

    public ZeroingTests() => _untyped = _world.Make(ObjectType.Untyped, sizeBits: Bits);

    [Fact]
    public void WhatStaysUntypedIsNotTouched()
    {
        byte[] before = HostMemory.Copy();
        uint half = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(_untyped, ObjectType.Untyped, half, 1, sizeBits: Bits - 1));
        Assert.Equal(0ul, UntypedMemory.ZeroedTo(_world.Slot(half)));
        Span<byte> memory = Memory(half);
        int offset = (int)(_world.Slot(half)->PhysicalBase - HostMemory.Base);
        Assert.True(memory.SequenceEqual(before.AsSpan(offset, memory.Length)));
        Assert.False(memory.IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void ASmallObjectZeroesItsPageAlone()
    {
        Assert.Equal(Status.Ok, _world.Retype(_untyped, ObjectType.Endpoint, _world.NewSlot()));
        Assert.Equal(UserLayout.PageSize, UntypedMemory.ZeroedTo(_world.Slot(_untyped)));
        Span<byte> memory = Memory(_untyped);
        Assert.True(memory[64..(int)UserLayout.PageSize].IndexOfAnyExcept((byte)0) < 0);
        Assert.NotEqual(0, memory[(int)UserLayout.PageSize]);
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void AFrameIsZeroedInSteps()
    {
        uint frame = _world.NewSlot();
        InterruptAlways();
        Assert.Equal(Status.Ok, _world.Retype(_untyped, ObjectType.Frame, frame, pages: Pages));
        Assert.Equal(15, _world.Restarts);
        Assert.True(Memory(_untyped).IndexOfAnyExcept((byte)0) < 0);
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void WhatWasUsedIsZeroedAgain()
    {
        uint frame = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(_untyped, ObjectType.Frame, frame, pages: Pages));
        Memory(_untyped).Fill(0xff);
        Assert.Equal(Status.Ok, _world.Delete(frame));
        Assert.Equal(Status.Ok, _world.Retype(_untyped, ObjectType.Frame, frame, pages: Pages));
        Assert.True(Memory(_untyped).IndexOfAnyExcept((byte)0) < 0);
    }

    /// <summary>However much was used: what is left to do is done by whoever uses it next.</summary>
    [Fact]
    public void AResetTouchesNothing()
    {
        uint frame = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(_untyped, ObjectType.Frame, frame, pages: Pages));
        Memory(_untyped).Fill(0xff);
        Assert.Equal(Status.Ok, _world.Delete(frame));
        InterruptAlways();
        Assert.Equal(Status.Ok, _world.Invoke(0, _untyped, (ulong)UntypedOperation.Reset));
        Assert.Equal(0, _world.Restarts);
        Assert.Equal(0ul, UntypedMemory.Watermark(_world.Slot(_untyped)));
        Assert.Equal(0ul, UntypedMemory.ZeroedTo(_world.Slot(_untyped)));
        Assert.True(Memory(_untyped).IndexOfAnyExcept((byte)0xff) < 0);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>A retype that has begun to zero is overtaken by another thread's of the same memory.</summary>
    [Fact]
    public void WhoIsOvertakenZeroesWhatIsLeft()
    {
        uint frame = _world.NewSlot();
        uint endpoint = _world.NewSlot();
        InterruptAlways(() =>
            _world.InvokeBetween(1, _untyped, Retype, World.RetypeWord(ObjectType.Endpoint), World.Pack(0, endpoint))
        );
        Assert.Equal(Status.Ok, _world.Retype(_untyped, ObjectType.Frame, frame, pages: 8));
        ulong start = KernelLayout.DirectMap + _world.Slot(_untyped)->PhysicalBase;
        Assert.Equal(start, (ulong)_world.Slot(endpoint)->Object);
        Assert.Equal(_world.Slot(_untyped)->PhysicalBase + UserLayout.PageSize, _world.Slot(frame)->PhysicalBase);
        Assert.True(Memory(_untyped)[(int)UserLayout.PageSize..(9 << 12)].IndexOfAnyExcept((byte)0) < 0);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>As far as is asked for, in steps; a retype behind it has nothing left to zero there.</summary>
    [Fact]
    public void WhatIsZeroedBeforehandNeedsNoMore()
    {
        const ulong half = (1ul << Bits) / 2;
        InterruptAlways();
        Assert.Equal(Status.Ok, _world.Invoke(0, _untyped, Zero, half));
        Assert.Equal(7, _world.Restarts);
        Assert.Equal(half, UntypedMemory.ZeroedTo(_world.Slot(_untyped)));
        Assert.True(Memory(_untyped)[..(int)half].IndexOfAnyExcept((byte)0) < 0);
        Assert.NotEqual(0, Memory(_untyped)[(int)half]);
        Assert.Equal(Status.Ok, _world.Retype(_untyped, ObjectType.Frame, _world.NewSlot(), pages: Pages / 2));
        Assert.Equal(0, _world.Restarts);
        Assert.Equal(half, UntypedMemory.ZeroedTo(_world.Slot(_untyped)));
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>It lies below the watermark, and so is not touched.</summary>
    [Fact]
    public void WhatIsInUseIsNotZeroed()
    {
        Assert.Equal(Status.Ok, _world.Retype(_untyped, ObjectType.Frame, _world.NewSlot(), pages: 1));
        Memory(_untyped)[..(int)UserLayout.PageSize].Fill(0xff);
        Assert.Equal(Status.Ok, _world.Invoke(0, _untyped, Zero, 2 * UserLayout.PageSize));
        Assert.True(Memory(_untyped)[..(int)UserLayout.PageSize].IndexOfAnyExcept((byte)0xff) < 0);
        Assert.Equal(2 * UserLayout.PageSize, UntypedMemory.ZeroedTo(_world.Slot(_untyped)));
    }

    /// <summary>What was made there before has gone, and so is what was known of it.</summary>
    [Fact]
    public void WhatWasUsedIsZeroedBeforehandAnew()
    {
        uint frame = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(_untyped, ObjectType.Frame, frame, pages: Pages));
        Memory(_untyped).Fill(0xff);
        Assert.Equal(Status.Ok, _world.Delete(frame));
        Assert.Equal(Status.Ok, _world.Invoke(0, _untyped, Zero, 1ul << Bits));
        Assert.True(Memory(_untyped).IndexOfAnyExcept((byte)0) < 0);
    }

    private const ulong Zero = (ulong)UntypedOperation.Zero;
    private const ulong Retype = (ulong)UntypedOperation.Retype;

    private Span<byte> Memory(uint untyped)
    {
        Capability* slot = _world.Slot(untyped);
        return new((byte*)(KernelLayout.DirectMap + slot->PhysicalBase), (int)UntypedMemory.SizeOf(slot));
    }

    /// <summary>Wherever a call can be; the invariants hold each time.</summary>
    private void InterruptAlways(Action? first = null)
    {
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            first?.Invoke();
            first = null;
            Assert.Empty(Invariants.Broken(_world));
            LocalApic.AsksUntilPending = 0;
        };
    }
}
