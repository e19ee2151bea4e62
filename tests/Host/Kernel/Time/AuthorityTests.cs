using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Who may use whose time: what a scheduling control gives, what it counts, and that all of it comes back.</summary>
public sealed unsafe class AuthorityTests
{
    private const uint Whole = SchedShare.Whole;
    private const uint Control = World.FirstSchedControl;
    private const uint RemoteControl = World.FirstSchedControl + 1;

    private readonly World _world = new(2);

    private void Consistent() => Assert.Empty(Invariants.Broken(_world));

    private void Good(Status status)
    {
        Assert.Equal(Status.Ok, status);
        Consistent();
    }

    private uint Derive(uint from = Control, uint priority = 63, uint share = Whole)
    {
        uint slot = _world.NewSlot();
        Good(_world.DeriveControl(slot, from, priority, share));
        return slot;
    }

    private uint HandedOut(uint control) => _world.Slot(control)->Extent;

    private uint Timed(uint control, ulong budget, ulong period)
    {
        uint context = _world.Make(ObjectType.SchedContext);
        Good(_world.ConfigureBy(context, budget, period, control));
        return context;
    }

    /// <summary>What whoever holds untyped memory alone can make: nothing of it runs.</summary>
    [Fact]
    public void UntypedMemoryAloneMakesNoThreadThatRuns()
    {
        uint thread = _world.Make(ObjectType.Thread, cpu: 1);
        uint context = _world.Make(ObjectType.SchedContext, cpu: 1);
        Good(_world.OnThread(thread, ThreadOperation.SetSpaces, World.Pack(World.Own, World.Space)));
        ulong wanted = World.Pack(63, context);
        Assert.Equal(Status.InvalidCapability, _world.OnThread(thread, ThreadOperation.SetScheduling, wanted));
        Assert.Equal(Status.InvalidCapability, _world.OnThread(thread, ThreadOperation.SetPriority, 0));
        Assert.Equal(Status.InvalidCapability, _world.ConfigureBy(context, 100, 0, 0));
        Assert.Equal(Status.InvalidState, _world.OnThread(thread, ThreadOperation.Resume));
        Assert.True(_world.Serve(1) == null);
        Consistent();
    }

    [Fact]
    public void AFreshContextHasNoTime()
    {
        Worker worker = _world.MakeThread(0);
        uint fresh = _world.Make(ObjectType.SchedContext);
        Good(_world.Schedule(worker.Slot, 10, fresh));
        _world.Resume(worker);
        Hardware.Clock += 1_000_000_000;
        Assert.True(_world.Tick(0) == null);
        Consistent();
        Good(_world.Configure(fresh, 100, 0));
        Assert.True(_world.Serve(0) == worker.Thread);
    }

    [Fact]
    public void WithoutAControlAThreadGetsNoMoreThanItWasGiven()
    {
        Worker worker = _world.Start(0, 20);
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetPriority, 5));
        Assert.Equal(Status.InvalidCapability, _world.OnThread(worker.Slot, ThreadOperation.SetPriority, 21));
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetPriority, 20));
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetPriority, 7, Derive(priority: 9)));
        Assert.Equal(Status.InvalidCapability, _world.OnThread(worker.Slot, ThreadOperation.SetPriority, 8));
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetScheduling, World.Pack(7, 0)));
        ulong again = World.Pack(7, worker.Context);
        Assert.Equal(Status.InvalidCapability, _world.OnThread(worker.Slot, ThreadOperation.SetScheduling, again));
    }

    [Fact]
    public void RevokeTakesTheTimeOfWhoeverRunsOnIt()
    {
        uint control = Derive();
        Worker worker = _world.Start(1);
        uint remote = Derive(RemoteControl);
        Good(_world.ConfigureBy(worker.Context, 10_000, 0, remote));
        Hardware.Clock += 1000;
        Good(_world.Revoke(remote));
        Assert.True(_world.Serve(1) == null);
        Assert.Equal(1000ul, _world.Context(worker)->Consumed);
        Hardware.Clock += 1_000_000_000;
        Assert.True(_world.Tick(1) == null);
        Consistent();
        // The other control is of another CPU.
        Assert.Equal(Status.WrongCpu, _world.ConfigureBy(worker.Context, 10_000, 0, control));
        Good(_world.ConfigureBy(worker.Context, 10_000, 0, remote));
        Assert.True(_world.Serve(1) == worker.Thread);
    }

    [Fact]
    public void RevokeStopsAServerOnLentTimeThatHasItsPriorityByIt()
    {
        uint control = Derive(priority: 30);
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint, 10);
        Good(_world.OnThread(server.Slot, ThreadOperation.SetPriority, 30, control));
        Worker client = _world.Start(0);
        _world.Call(0, SystemCall.Call, endpoint);
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        Good(_world.Revoke(control));
        Assert.Equal(ThreadState.Inactive, server.State);
        Assert.Equal(Status.InvalidState, _world.OnThread(server.Slot, ThreadOperation.Resume));
        Good(_world.Schedule(server.Slot, 12));
        Good(_world.OnThread(server.Slot, ThreadOperation.Resume));
        Assert.Equal(ThreadState.AwaitingReply, client.State);
    }

    [Fact]
    public void ALentContextWhoseControlGoesStopsItsBorrower()
    {
        uint control = Derive();
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint, 20);
        Worker client = _world.Start(0);
        Good(_world.ConfigureBy(client.Context, 1000, 2000, control));
        _world.Call(0, SystemCall.Call, endpoint);
        Good(_world.Delete(control));
        Assert.True(_world.Serve(0) == null);
        Assert.Equal(ThreadState.Ready, server.State);
        Good(_world.Configure(client.Context, 1000, 2000));
        Assert.True(_world.Serve(0) == server.Thread);
    }

    [Fact]
    public void OneThatWaitsForItsRefillDoesNotGetItAnyMore()
    {
        uint control = Derive();
        Worker worker = _world.Start(0);
        Good(_world.ConfigureBy(worker.Context, 100, 1000, control));
        Hardware.Clock += 100 * World.TicksPerMicrosecond;
        _world.Tick(0);
        Assert.True(_world.Cpu(0)->Refills == _world.Context(worker));
        Good(_world.Revoke(control));
        Assert.True(_world.Cpu(0)->Refills == null);
        Hardware.Clock += 1_000_000_000;
        Assert.True(_world.Tick(0) == null);
        Consistent();
    }

    [Fact]
    public void APartCountsWhatItHandsOutAndGetsItBack()
    {
        uint control = Derive(share: Whole / 2);
        uint context = Timed(control, 200, 1000);
        uint child = Derive(control, share: Whole / 5);
        Assert.Equal(Whole * 2 / 5, HandedOut(control));
        Assert.Equal(Status.OutOfTime, _world.ConfigureBy(_world.MakeTime(), 101, 1000, control));
        Good(_world.ConfigureBy(context, 300, 1000, control));
        Assert.Equal(Status.OutOfTime, _world.ConfigureBy(context, 301, 1000, control));
        Assert.Equal(Whole / 2, HandedOut(control));
        Good(_world.Configure(context, 300, 1000));
        Good(_world.Delete(child));
        Assert.Equal(0u, HandedOut(control));
        Good(_world.ConfigureBy(context, 500, 1000, control));
        Good(_world.Delete(context));
        Assert.Equal(0u, HandedOut(control));
    }

    [Fact]
    public void TheWholeIsPromisedToMany()
    {
        uint first = Derive();
        uint second = Derive();
        Timed(first, 100, 0);
        Timed(second, 900, 1000);
        Timed(second, 900, 1000);
        Derive(second, share: Whole / 2);
        Assert.Equal(0u, HandedOut(second));
        Assert.Equal(0u, HandedOut(Control));
    }

    [Fact]
    public void AShareIsRoundedUp()
    {
        uint control = Derive(share: 1);
        uint context = _world.Make(ObjectType.SchedContext);
        Assert.Equal(Status.MissingRight, _world.ConfigureBy(context, 100, 99_999_999, control));
        Good(_world.ConfigureBy(context, 100, 100_000_000, control));
        Assert.Equal(1u, HandedOut(control));
        Assert.Equal(Whole, SchedShare.Of(3_600_000_000, 3_600_000_000));
    }

    [Fact]
    public void AControlGoesAfterWhatWasDerivedFromIt()
    {
        uint control = Derive(share: Whole / 2);
        uint child = Derive(control, share: Whole / 4);
        uint grandchild = Derive(child, share: Whole / 4);
        uint context = Timed(grandchild, 100, 1000);
        Good(_world.Delete(control));
        Assert.True(_world.Slot(child)->IsEmpty && _world.Slot(grandchild)->IsEmpty);
        Assert.Equal(0ul, ((SchedContext*)_world.Slot(context)->Object)->Budget);
    }

    /// <summary>So that nobody takes more of what is on its way out, however often its deletion is interrupted.</summary>
    [Fact]
    public void WhatIsBeingDeletedHandsNothingOut()
    {
        uint control = Derive();
        uint child = Derive(control);
        Timed(child, 100, 1000);
        uint other = Timed(child, 100, 1000);
        uint empty = _world.NewSlot();
        int seen = 0;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            seen++;
            ulong derive = (ulong)SchedControlOperation.Derive;
            ulong limits = World.Pack(1, Whole);
            const ulong configure = (ulong)SchedContextOperation.Configure;
            Assert.Equal(Status.BeingDeleted, Between(other, configure, 100, 1000, child));
            Assert.Equal(Status.BeingDeleted, Between(control, derive, World.Pack(0, empty), limits, 0));
            Assert.Equal(Status.BeingDeleted, Between(child, derive, World.Pack(0, empty), limits, 0));
            Consistent();
        };
        Good(_world.Delete(control));
        Assert.Equal(1, seen);
        Assert.True(_world.Slot(child)->IsEmpty && _world.Slot(control)->IsEmpty);
    }

    /// <summary>The deletion has not come to these yet, which are beside its way.</summary>
    [Fact]
    public void NorDoesWhatWasDerivedFromIt()
    {
        uint control = Derive();
        uint first = Derive(control);
        uint below = Derive(first);
        Timed(Derive(control), 100, 1000);
        uint other = Timed(below, 100, 1000);
        uint empty = _world.NewSlot();
        Worker worker = _world.MakeThread(0);
        int seen = 0;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            seen++;
            ulong limits = World.Pack(1, Whole);
            foreach (uint beside in new[] { first, below })
            {
                const ulong derive = (ulong)SchedControlOperation.Derive;
                const ulong configure = (ulong)SchedContextOperation.Configure;
                const ulong priority = (ulong)ThreadOperation.SetPriority;
                const ulong move = (ulong)ThreadOperation.SetCpu;
                Assert.False(_world.Slot(beside)->IsEmpty);
                Assert.Equal(Status.BeingDeleted, Between(beside, derive, World.Pack(0, empty), limits, 0));
                Assert.Equal(Status.BeingDeleted, Between(other, configure, 50, 1000, beside));
                Assert.Equal(Status.BeingDeleted, Between(worker.Slot, priority, 1, beside, 0));
                Assert.Equal(Status.BeingDeleted, Between(worker.Slot, move, beside, 0, 0));
            }
            Consistent();
        };
        Good(_world.Delete(control));
        Assert.InRange(seen, 1, 10);
        Assert.True(_world.Slot(below)->IsEmpty && _world.Slot(control)->IsEmpty);
    }

    private Status Between(uint slot, ulong operation, ulong word0, ulong word1, ulong word2) =>
        _world.InvokeBetween(1, slot, operation, word0, word1, word2);

    [Fact]
    public void ATableThatGoesTakesBackWhatItsControlsGave()
    {
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        ulong limits = World.Pack(63, Whole);
        ulong into = World.Pack(table, 5);
        Good(_world.Invoke(0, Control, (ulong)SchedControlOperation.Derive, into, limits));
        Worker worker = _world.MakeThread(0);
        // The short form of its address.
        Good(_world.ConfigureBy(worker.Context, 100, 0, table << 24 | 5));
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetPriority, 11, table << 24 | 5));
        Good(_world.Delete(table));
        Assert.Equal(0ul, _world.Context(worker)->Budget);
        Assert.Equal(0, worker.Thread->Rank);
    }

    [Fact]
    public void AThreadThatMovesHasAllByTheControlOverThere()
    {
        uint here = Derive(share: Whole / 2);
        uint there = Derive(RemoteControl, 10, Whole / 2);
        Worker worker = _world.Start(0);
        Good(_world.ConfigureBy(worker.Context, 300, 1000, here));
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetCpu, there));
        Assert.Equal(0u, HandedOut(here));
        Assert.Equal(Whole * 3 / 10, HandedOut(there));
        // A part of the CPU over there, which somebody else may just have used, begins with a wait.
        Assert.True(_world.Serve(1) == null);
        Hardware.Clock += 700 * World.TicksPerMicrosecond;
        Assert.True(_world.Tick(1) == worker.Thread);
        Good(_world.Revoke(there));
        Assert.True(_world.Serve(1) == null);
        Assert.Equal(0, worker.Thread->Rank);
    }

    [Fact]
    public void AControlWithoutChildrenMoves()
    {
        uint control = Derive(share: Whole / 2);
        uint child = Derive(control, share: Whole / 4);
        uint slot = _world.NewSlot();
        Good(_world.Move(slot, child));
        Assert.Equal(Status.HasChildren, _world.Move(child, control));
        Good(_world.Delete(slot));
        Assert.Equal(0u, HandedOut(control));
        Good(_world.Move(slot, control));
        Timed(slot, 100, 200);
        Assert.Equal(Whole / 2, HandedOut(slot));
    }

    /// <summary>No overrun is a multiple of it. The whole CPU is no limit, so its control gives any.</summary>
    [Fact]
    public void APartGivesNoBudgetThatTheKernelCouldOverrunByMuch()
    {
        uint part = Derive(share: Whole / 2);
        uint context = _world.Make(ObjectType.SchedContext);
        Assert.Equal(Status.InvalidArgument, _world.ConfigureBy(context, 39, 1000, part));
        Good(_world.ConfigureBy(context, 40, 1000, part));
        Worker worker = _world.MakeThread(1);
        Good(_world.ConfigureBy(worker.Context, 1, 1000, World.FirstSchedControl + 1));
        Assert.Equal(Status.MissingRight, _world.OnThread(worker.Slot, ThreadOperation.SetCpu, part));
        Good(_world.ConfigureBy(worker.Context, 40, 1000, World.FirstSchedControl + 1));
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetCpu, part));
    }
}
