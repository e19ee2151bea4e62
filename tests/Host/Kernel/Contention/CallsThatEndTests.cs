using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>CPUs wait for the lock in turn, one call each (as RevokesInTurnTests).</summary>
public sealed unsafe class CallsThatEndTests
{
    private World _world = null!;

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    /// <summary>One call while others wait for the lock. Answers whether it is over.</summary>
    private bool Call(
        uint cpu,
        Thread* thread,
        SystemCall call,
        ulong slot,
        ulong info,
        ulong w0 = 0,
        ulong w1 = 0,
        ulong w2 = 0,
        ulong w3 = 0
    )
    {
        Switch(cpu, thread);
        Assert.True(_world.Cpu(cpu)->Current == thread);
        thread->Rip = 0x1000;
        LocalApic.AsksUntilPending = 0;
        _world.Call(cpu, call, slot, info, w0, w1, w2, w3);
        LocalApic.AsksUntilPending = -1;
        return thread->Rip == 0x1000;
    }

    private bool Invoke(
        uint cpu,
        Thread* thread,
        ulong slot,
        ulong operation,
        ulong w0 = 0,
        ulong w1 = 0,
        ulong w2 = 0,
        ulong w3 = 0
    ) => Call(cpu, thread, SystemCall.Invoke, slot, MessageInfo.Of(operation, 4).Value, w0, w1, w2, w3);

    private void Switch(uint cpu, Thread* to)
    {
        if (_world.Cpu(cpu)->Current == to)
        {
            return;
        }
        Thread* from = _world.Cpu(cpu)->Current;
        if (from != null)
        {
            Skerry.Kernel.Scheduling.Scheduler.Preempt(_world.Cpu(cpu), from);
        }
        Skerry.Kernel.Scheduling.ReadyQueues.Remove(_world.Cpu(cpu), to);
        Skerry.Kernel.Scheduling.ReadyQueues.Prepend(_world.Cpu(cpu), to);
        _world.Choose(cpu);
    }

    /// <summary>A parent suspends a thread; who has a copy of its capability revokes copies of that.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_suspend_ends(bool withAttackers)
    {
        _world = new World(3);
        // The parent's, and the component's copy.
        Worker component = _world.MakeThread(1, 5);
        uint own = _world.NewSlot();
        Good(_world.Copy(own, component.Slot));
        _world.Resume(component);
        // CPU 1: a message with three capabilities makes three copies in one call.
        uint meet = _world.Make(ObjectType.Endpoint, cpu: 1);
        uint arrive = _world.NewSlot(3);
        Worker receiver = _world.Start(1, 30, buffer: true);
        receiver.Thread->Buffer->ReceiveSlot = arrive;
        receiver.Thread->Buffer->ReceiveCount = 3;
        Worker sender = _world.MakeThread(1, 20, buffer: true);
        for (int i = 0; i < 3; i++)
        {
            sender.Thread->Buffer->SendSlots[i] = own;
        }
        Assert.True(_world.Cpu(1)->Current == receiver.Thread);
        _world.Call(1, SystemCall.Recv, meet);
        _world.Resume(sender);
        // CPU 2: two that revoke.
        Worker[] revokers = [_world.Start(2, 10), _world.Start(2, 10)];
        int revoker = 0;
        Worker parent = _world.Start(0);
        ulong revoke = (ulong)CapTableOperation.Revoke;
        int rounds = 0;
        bool isOver = false;
        while (!isOver && rounds < 20_000)
        {
            if (withAttackers)
            {
                if (!Revocation.IsUnderWay)
                {
                    Assert.True(receiver.State == ThreadState.Receiving);
                    Call(1, sender.Thread, SystemCall.Send, meet, MessageInfo.Of(1, 0, 3).Value);
                    revoker = 1 - revoker;
                    Invoke(2, revokers[revoker].Thread, World.Own, revoke, own);
                }
                else if (receiver.State != ThreadState.Receiving)
                {
                    Call(1, receiver.Thread, SystemCall.Recv, meet, 0);
                }
            }
            isOver = Invoke(0, parent.Thread, component.Slot, (ulong)ThreadOperation.Suspend);
            rounds++;
            if (rounds % 100 == 0)
            {
                Assert.Empty(Invariants.Broken(_world));
            }
        }
        Assert.True(isOver, $"not over after {rounds} calls; the thread is {component.State}");
    }

    /// <summary>A parent retypes from its untyped; its first child, at the same address, is revoked by whoever has it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_retype_ends(bool withAttackers)
    {
        _world = new World(3);
        uint parents = _world.Make(ObjectType.Untyped, sizeBits: 16);
        uint childs = _world.NewSlot();
        Good(_world.Retype(parents, ObjectType.Untyped, childs, 1, sizeBits: 12));
        uint objects = _world.NewSlot(8);
        uint mine = _world.NewSlot();
        Worker maker = _world.Start(1);
        Worker[] revokers = [_world.Start(2, 10), _world.Start(2, 10)];
        int revoker = 0;
        Worker parent = _world.Start(0);
        int rounds = 0;
        bool isOver = false;
        while (!isOver && rounds < 20_000)
        {
            if (withAttackers && !Revocation.IsUnderWay)
            {
                // In one call, whatever is to be zeroed: 8 endpoints.
                LocalApic.AsksUntilPending = -1;
                Invoke(
                    1,
                    maker.Thread,
                    childs,
                    (ulong)UntypedOperation.Retype,
                    World.RetypeWord(ObjectType.Endpoint, 8),
                    World.Pack(0, objects)
                );
                revoker = 1 - revoker;
                Invoke(2, revokers[revoker].Thread, World.Own, (ulong)CapTableOperation.Revoke, childs);
            }
            isOver = Invoke(
                0,
                parent.Thread,
                parents,
                (ulong)UntypedOperation.Retype,
                World.RetypeWord(ObjectType.Endpoint),
                World.Pack(0, mine)
            );
            rounds++;
        }
        Assert.True(isOver, $"not over after {rounds} calls");
    }

    /// <summary>Two others cancel sends of a badge that nobody has, at the same endpoint.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cancel_of_badged_sends_ends(bool withAttackers)
    {
        _world = new World(3);
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint mine = _world.NewSlot();
        uint theirs = _world.NewSlot();
        Good(_world.Mint(mine, endpoint, 1));
        Good(_world.Mint(theirs, endpoint, 2));
        for (int i = 0; i < 60; i++)
        {
            _world.Start(0);
            _world.Call(0, SystemCall.Send, mine);
        }
        Worker victim = _world.Start(0);
        Worker[] attackers = [_world.Start(1), _world.Start(2)];
        ulong[] words = new ulong[3];
        ulong cancel = (ulong)EndpointOperation.CancelBadgedSends;
        bool Cancel(uint cpu, Thread* thread, uint slot)
        {
            bool isOver = Invoke(cpu, thread, slot, cancel, 0, 0, 0, words[cpu]);
            words[cpu] = thread->Word3;
            return isOver;
        }
        int rounds = 0;
        bool isOver = false;
        int[] ended = new int[3];
        while (!isOver && rounds < 20_000)
        {
            if (withAttackers)
            {
                ended[1] += Cancel(1, attackers[0].Thread, theirs) ? 1 : 0;
                // One begins a call later than the other; from then on each makes one call in each round.
                ended[2] += rounds > 0 && Cancel(2, attackers[1].Thread, theirs) ? 1 : 0;
            }
            isOver = Cancel(0, victim.Thread, mine);
            rounds++;
        }
        Assert.True(isOver, $"not over after {rounds} calls; theirs ended {ended[1]} and {ended[2]} times");
    }

    /// <summary>Others bring a revoke to its end; what it put aside before is still there when it answers Ok.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_revoke_that_is_over_has_emptied_its_tables(bool isHelped)
    {
        _world = new World(3);
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 14);
        uint firsts = _world.NewSlot(4);
        Good(_world.Retype(untyped, ObjectType.Endpoint, firsts, 4));
        // A thread of that memory holds the last capability to a table, in which the only one to another thread lies.
        uint holder = _world.NewSlot();
        Good(_world.Retype(untyped, ObjectType.Thread, holder));
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 10);
        Good(_world.OnThread(holder, ThreadOperation.SetSpaces, World.Pack(table, World.Space)));
        Worker inside = _world.MakeThread(1, 5);
        _world.Resume(inside);
        Good(_world.Invoke(0, table, (ulong)CapTableOperation.Move, World.Pack(1023, 0), inside.Slot));
        Worker parent = _world.Start(0);
        Worker other = _world.Start(2);
        Good(_world.Delete(table));
        uint copy = _world.NewSlot();
        int rounds = 0;
        while (
            !Invoke(
                0,
                parent.Thread,
                World.Own,
                (ulong)CapTableOperation.Revoke,
                untyped,
                0,
                0,
                rounds == 0 ? 0 : parent.Thread->Word3
            )
        )
        {
            rounds++;
            // Who copies what lies in that memory helps.
            for (int i = 0; isHelped && i < 20 && Revocation.IsUnderWay; i++)
            {
                uint source = firsts;
                for (uint slot = firsts; slot < firsts + 4; slot++)
                {
                    source = _world.Slot(slot)->IsEmpty ? source : slot;
                }
                Invoke(2, other.Thread, untyped, (ulong)UntypedOperation.Query);
            }
        }
        Good((Status)parent.Thread->Rax);
        Assert.True(inside.State == ThreadState.Inactive, $"a thread that was to go with it is still {inside.State}");
        Assert.False(DyingTables.Any, "tables that the revoke put aside are still full");
    }

    /// <summary>
    /// Two CPUs, as a cluster has by default: one attacker's call for each of the victim's. The victim copies an endpoint that
    /// it may only send to; the attacker has two copies of it with more rights, but neither has those of the other.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_copy_ends_on_two_CPUs(bool withAttacker)
    {
        _world = new World(2);
        const uint send = (uint)EndpointRights.Send;
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint victims = _world.NewSlot();
        Good(_world.Copy(victims, endpoint, send));
        uint[] own = [_world.NewSlot(), _world.NewSlot()];
        Good(_world.Copy(own[0], endpoint, send | (uint)EndpointRights.Receive));
        Good(_world.Copy(own[1], endpoint, send | (uint)EndpointRights.Grant));
        const uint room = 30;
        uint[] copies = [_world.NewSlot(room), _world.NewSlot(room)];
        for (uint i = 0; i < 9; i++)
        {
            Good(_world.Copy(copies[0] + i, own[0]));
        }
        uint meet = _world.Make(ObjectType.Endpoint, cpu: 1);
        Worker receiver = _world.Start(1, 10, buffer: true);
        receiver.Thread->Buffer->ReceiveCount = 3;
        _world.Call(1, SystemCall.Recv, meet);
        Worker sender = _world.Start(1, 10, buffer: true);
        Worker[] revokers = [_world.Start(1, 10), _world.Start(1, 10)];
        uint destination = _world.NewSlot();
        Worker victim = _world.Start(0);
        int current = 1;
        int rounds = 0;
        bool isOver = false;
        while (!isOver && rounds < 20_000)
        {
            if (withAttacker && !Revocation.IsUnderWay)
            {
                current = 1 - current;
                Invoke(1, revokers[current].Thread, World.Own, (ulong)CapTableOperation.Revoke, own[current]);
            }
            else if (withAttacker && receiver.State != ThreadState.Receiving)
            {
                Call(1, receiver.Thread, SystemCall.Recv, meet, 0);
            }
            else if (withAttacker)
            {
                int other = 1 - current;
                uint to = copies[other];
                while (
                    to < copies[other] + room
                    && !(_world.Slot(to)->IsEmpty && _world.Slot(to + 1)->IsEmpty && _world.Slot(to + 2)->IsEmpty)
                )
                {
                    to += 3;
                }
                if (to < copies[other] + room)
                {
                    receiver.Thread->Buffer->ReceiveSlot = to;
                    for (int i = 0; i < 3; i++)
                    {
                        sender.Thread->Buffer->SendSlots[i] = own[other];
                    }
                    Call(1, sender.Thread, SystemCall.Send, meet, MessageInfo.Of(1, 0, 3).Value);
                }
            }
            isOver = Invoke(
                0,
                victim.Thread,
                World.Own,
                (ulong)CapTableOperation.Copy,
                destination,
                World.Pack(victims, 7)
            );
            rounds++;
            if (rounds % 100 == 0)
            {
                Assert.Empty(Invariants.Broken(_world));
            }
        }
        Assert.True(isOver, $"not over after {rounds} calls");
    }

    /// <summary>
    /// Two CPUs. A parent deletes the last capability to a component's table (or revokes the memory that it is made of). In its last slot
    /// lies the last capability to another table, and while that one's turn comes, the component puts the next into its last slot.
    /// </summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_delete_of_a_table_ends(bool withAttacker, bool byRevoke)
    {
        _world = new World(2);
        const uint bits = 8;
        const uint end = (1u << (int)bits) - 1;
        // The parent's memory, and the component's own, which it uses again and again.
        uint parents = _world.Make(ObjectType.Untyped, sizeBits: 16);
        uint[] memory = new uint[5];
        uint[] tables = new uint[5];
        for (int i = 0; i < 5; i++)
        {
            memory[i] = _world.Make(ObjectType.Untyped, sizeBits: 14);
            tables[i] = _world.NewSlot();
        }
        uint dying = _world.NewSlot();
        Good(_world.Retype(parents, ObjectType.CapTable, dying, sizeBits: bits));
        Good(_world.Retype(memory[0], ObjectType.CapTable, tables[0], sizeBits: bits));
        Good(
            _world.Invoke(
                0,
                memory[0],
                (ulong)UntypedOperation.Retype,
                World.RetypeWord(ObjectType.Endpoint, 100),
                World.Pack(tables[0], 1),
                1
            )
        );
        Good(
            _world.Invoke(
                0,
                World.Untyped,
                (ulong)UntypedOperation.Retype,
                World.RetypeWord(ObjectType.Endpoint, 100),
                World.Pack(dying, 1),
                1
            )
        );
        Good(_world.Invoke(0, dying, (ulong)CapTableOperation.Copy, World.Pack(end, 0), World.Pack(tables[0], 7)));
        Worker parent = _world.Start(0);
        Worker component = _world.Start(1);
        int newest = 0;
        int made = 0;
        int step = 0;
        int rounds = 0;
        bool isOver = false;
        ulong mark = 0;
        while (!isOver && rounds < 20_000)
        {
            isOver = Invoke(
                0,
                parent.Thread,
                World.Own,
                (ulong)(byRevoke ? CapTableOperation.Revoke : CapTableOperation.Delete),
                byRevoke ? parents : dying,
                0,
                0,
                mark
            );
            mark = parent.Thread->Word3;
            rounds++;
            if (isOver || !withAttacker)
            {
                continue;
            }
            // One call of the component.
            int next = (newest + 1) % 5;
            Thread* thread = component.Thread;
            switch (step)
            {
                case 0:
                    bool isMade = Invoke(
                        1,
                        thread,
                        memory[next],
                        (ulong)UntypedOperation.Retype,
                        World.RetypeWord(ObjectType.CapTable, 1, bits),
                        World.Pack(0, tables[next]),
                        1
                    );
                    step += isMade && (Status)thread->Rax == Status.Ok ? 1 : 0;
                    bool waits = !isMade || (Status)thread->Rax is Status.Ok or Status.OutOfMemory;
                    Assert.True(
                        waits,
                        $"round {rounds}: {(Status)thread->Rax} {thread->Word0} {made} memory {_world.Slot(memory[next])->Type} slot {_world.Slot(tables[next])->Type}"
                    );
                    break;
                case 1:
                    // Each of them is a step of its deletion.
                    Assert.True(
                        Invoke(
                            1,
                            thread,
                            memory[next],
                            (ulong)UntypedOperation.Retype,
                            World.RetypeWord(ObjectType.Endpoint, 100),
                            World.Pack(tables[next], 1),
                            1
                        )
                    );
                    Good((Status)thread->Rax);
                    step++;
                    break;
                case 2:
                    Assert.True(
                        Invoke(
                            1,
                            thread,
                            tables[newest],
                            (ulong)CapTableOperation.Copy,
                            World.Pack(end, 0),
                            World.Pack(tables[next], 7)
                        )
                    );
                    Good((Status)thread->Rax);
                    step++;
                    break;
                case 3:
                    Assert.True(Invoke(1, thread, World.Own, (ulong)CapTableOperation.Delete, tables[newest]));
                    Good((Status)thread->Rax);
                    newest = next;
                    made++;
                    step = 0;
                    break;
            }
            if (rounds % 100 == 0)
            {
                Assert.Empty(Invariants.Broken(_world));
            }
        }
        Assert.True(isOver, $"not over after {rounds} calls; {made} tables were put behind each other");
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} calls");
    }
}
