using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Somebody begins a revoke, gives way, and is preempted for ever: neither others' revokes nor those who have something
/// else of the same kind lose anything by it.
/// </summary>
public sealed unsafe class LeftRevokeTests
{
    private const int MostRounds = 200;
    private const uint Copies = 6;

    private readonly World _world = new(4);
    private byte _priority = 1;

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    /// <summary>By a thread of CPU 3, after one step.</summary>
    private Worker Leave(uint slot)
    {
        Worker worker = _world.Start(3, _priority++);
        Assert.False(_world.InvokeAmongOthers(worker.Thread, World.Own, (ulong)CapTableOperation.Revoke, slot));
        Assert.True(Revocation.IsUnderWay);
        return worker;
    }

    private uint CopiesOf(uint source) => _world.Copies(source, Copies);

    /// <summary>Each of the other CPUs copies one that is left.</summary>
    private void CopyOnes(uint first, uint end)
    {
        for (uint cpu = 1; cpu < 4; cpu++)
        {
            uint source = _world.LastFull(first, end - first);
            uint empty = _world.FirstEmpty(first, end - first);
            if (source != 0 && empty != 0)
            {
                _world.InvokeBetween(cpu, World.Own, (ulong)CapTableOperation.Copy, empty, World.Pack(source, 7));
            }
        }
    }

    [Fact]
    public void AnotherSRevokeIsNotOutrun()
    {
        uint attackers = _world.Make(ObjectType.Endpoint);
        CopiesOf(attackers);
        uint target = _world.Make(ObjectType.Endpoint);
        uint first = CopiesOf(target);
        uint end = _world.NewSlot(40) + 40;
        Leave(attackers);
        // It was not called again for a second.
        Hardware.Clock += 1_000_001 * World.TicksPerMicrosecond;
        int rounds = 0;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            Assert.True(++rounds < MostRounds, "it does not end");
            CopyOnes(first, end);
            LocalApic.AsksUntilPending = 0;
        };
        Good(_world.Revoke(target));
        Assert.False(DerivationTree.HasChildren(_world.Slot(target)));
        Assert.Empty(Invariants.Broken(_world));
    }

    private uint Derived(uint from, uint cpu, uint count)
    {
        uint control = _world.NewSlot();
        Good(_world.DeriveControl(control, from + cpu, 20));
        uint first = _world.NewSlot(count);
        for (uint i = 0; i < count; i++)
        {
            Good(_world.DeriveControl(first + i, control, 10));
        }
        return control;
    }

    /// <summary>Of another CPU, of the same, and the one that it was derived from itself.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AControlThatWasNotDerivedFromItIsNotConcerned(uint cpu)
    {
        Leave(Derived(World.FirstSchedControl, 3, 50));
        uint mine = Derived(World.FirstSchedControl, cpu, 1);
        uint context = _world.Make(ObjectType.SchedContext, cpu);
        foreach (uint control in new[] { mine, World.FirstSchedControl + cpu })
        {
            Good(_world.ConfigureBy(context, 10_000, 0, control, by: 1));
            Assert.Equal(0, _world.Restarts);
        }
        Assert.True(Revocation.IsUnderWay);
    }

    /// <summary>Another badge of the same endpoint, more rights, another part of the same frame, other ports.</summary>
    [Fact]
    public void WhatCanBeToldApartIsNotConcerned()
    {
        uint service = _world.Make(ObjectType.Endpoint);
        uint badged = _world.NewSlot();
        uint other = _world.NewSlot();
        Good(_world.Mint(badged, service, badge: 5));
        Good(_world.Mint(other, service, badge: 6));
        CopiesOf(badged);
        NotConcerned(badged, other, service);
        uint frame = _world.Make(ObjectType.Frame, pages: 4);
        uint readOnly = _world.NewSlot();
        Good(_world.Copy(readOnly, frame, (uint)FrameRights.Read));
        CopiesOf(readOnly);
        uint part = _world.NewSlot();
        ulong derive = (ulong)FrameOperation.Derive;
        Good(_world.Invoke(0, frame, derive, World.Pack(0, part), UserLayout.PageSize, 2));
        NotConcerned(readOnly, frame, part);
        CopiesOf(part);
        uint first = _world.NewSlot();
        Good(_world.Invoke(0, frame, derive, World.Pack(0, first), 0, 2));
        NotConcerned(part, first, frame);
        uint ports = _world.NewSlot();
        uint otherPorts = _world.NewSlot();
        Good(_world.Invoke(0, World.Ports, (ulong)IoPortsOperation.Derive, World.Pack(0, ports), 0x3f8, 4));
        Good(_world.Invoke(0, World.Ports, (ulong)IoPortsOperation.Derive, World.Pack(0, otherPorts), 0x3fb, 4));
        CopiesOf(ports);
        NotConcerned(ports, otherPorts, World.Ports);
    }

    [Fact]
    public void ADoorbellOfAnotherCPUIsNotConcerned()
    {
        uint one = _world.NewSlot();
        uint other = _world.NewSlot();
        ulong make = (ulong)DoorbellControlOperation.Make;
        Good(_world.Invoke(0, World.DoorbellControl, make, World.Pack(0, one), 3));
        Good(_world.Invoke(0, World.DoorbellControl, make, World.Pack(0, other), 4));
        CopiesOf(one);
        NotConcerned(one, other);
    }

    /// <summary>Neither are operations that make no capability, of the same frame.</summary>
    [Theory]
    [InlineData(FrameOperation.Query, Status.Ok)]
    [InlineData(FrameOperation.Unmap, Status.NotMapped)]
    [InlineData(FrameOperation.Derive, Status.UnknownSystemCall)]
    public void WhatMakesNoCapabilityIsNotConcerned(FrameOperation operation, Status status)
    {
        uint frame = _world.Make(ObjectType.Frame, pages: 2);
        uint mine = _world.Copies(frame, 1);
        uint theirs = _world.Copies(frame, 1);
        _world.Copies(theirs, 6);
        Worker worker = _world.Start(0);
        Leave(theirs);
        ulong to = World.Pack(0, _world.NewSlot());
        bool isOver = _world.InvokeAmongOthers(worker.Thread, mine, (ulong)operation, to, 0, 1);
        Assert.Equal(operation != FrameOperation.Derive, isOver);
        Assert.True(!isOver || worker.Status == status, $"{worker.Status}");
    }

    private void NotConcerned(uint revoked, params uint[] sources)
    {
        Worker left = Leave(revoked);
        Assert.All(sources, source => Assert.False(Revocation.Concerns(_world.Slot(source)), $"{source}"));
        Assert.True(Revocation.Concerns(_world.Slot(revoked)));
        Assert.True(Revocation.Concerns(_world.Slot(revoked)->LastChild));
        Good(_world.OnThread(left.Slot, ThreadOperation.Suspend));
        Assert.False(Revocation.IsUnderWay);
    }

    /// <summary>
    /// A message between two who have the same badge as the attacker, so that they can't be told from who has a copy of his:
    /// each that comes without its capability is a step of the revoke, so it ends.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void MessagesComeWithoutTheirCapabilityUntilItEnds(uint sendersCpu)
    {
        uint service = _world.Make(ObjectType.Endpoint);
        uint attackers = _world.NewSlot();
        uint victims = _world.NewSlot();
        Good(_world.Mint(attackers, service, badge: 5));
        Good(_world.Mint(victims, service, badge: 5));
        CopiesOf(attackers);
        uint meet = _world.Make(ObjectType.Endpoint);
        Worker receiver = _world.MakeThread(0, 30, buffer: true);
        Worker sender = _world.MakeThread(sendersCpu, 20, buffer: true);
        uint destination = _world.NewSlot();
        receiver.Thread->Buffer->ReceiveSlot = destination;
        receiver.Thread->Buffer->ReceiveCount = 1;
        sender.Thread->Buffer->SendSlots[0] = victims;
        _world.Resume(receiver);
        _world.Call(0, SystemCall.Recv, meet);
        _world.Resume(sender);
        Leave(attackers);
        int without = 0;
        while (true)
        {
            Assert.True(_world.Cpu(sendersCpu)->Current == sender.Thread);
            _world.Call(sendersCpu, SystemCall.Send, meet, MessageInfo.Of(1, 0, 1).Value);
            _world.Serve(0);
            Assert.True(_world.Cpu(0)->Current == receiver.Thread);
            if (!_world.Slot(destination)->IsEmpty)
            {
                break;
            }
            Assert.True(++without <= Copies, "they never bring it");
            _world.Call(0, SystemCall.Recv, meet);
            _world.Serve(sendersCpu);
        }
        Assert.NotEqual(0, without);
        Assert.Empty(Invariants.Broken(_world));
    }
}
