using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Three CPUs wait for the lock in turn, one call each: the victim's, a copier's, and one with two attackers that revoke what is their own.</summary>
public sealed unsafe class RevokesInTurnTests
{
    private readonly World _world = new(3);

    private static ulong Info(CapTableOperation operation) => MessageInfo.Of((ulong)operation, 4).Value;

    /// <summary>One call; others wait for the lock, so it gives way behind each step. Answers whether it is over.</summary>
    private bool Call(uint cpu, Thread* thread, CapTableOperation operation, ulong w0, ulong w1 = 0)
    {
        Assert.True(_world.Cpu(cpu)->Current == thread);
        thread->Rip = 0x1000;
        LocalApic.AsksUntilPending = 0;
        _world.Call(cpu, SystemCall.Invoke, World.Own, Info(operation), w0, w1);
        LocalApic.AsksUntilPending = -1;
        return thread->Rip == 0x1000;
    }

    private uint Empty(uint first, uint count)
    {
        for (uint slot = first; slot < first + count; slot++)
        {
            if (_world.Slot(slot)->IsEmpty)
            {
                return slot;
            }
        }
        return 0;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_revoke_ends(bool withAttackers)
    {
        const uint room = 200;
        uint target = _world.Make(ObjectType.Endpoint);
        uint copies = _world.NewSlot(room);
        for (uint i = 0; i < 4; i++)
        {
            Assert.Equal(Status.Ok, _world.Copy(copies + i, target));
        }
        uint[] own = [_world.Make(ObjectType.Endpoint), _world.Make(ObjectType.Endpoint)];
        uint[] ofOwn = [_world.NewSlot(room), _world.NewSlot(room)];
        Worker victim = _world.Start(0);
        Worker copier = _world.Start(1);
        Worker[] attackers = [_world.Start(2, 10), _world.Start(2, 10)];
        int revoking = 0;
        if (withAttackers)
        {
            // As anybody may.
            for (uint i = 0; i < 20; i++)
            {
                Assert.Equal(Status.Ok, _world.Copy(ofOwn[0] + i, own[0]));
            }
            // Who runs on CPU 2 is the other one's business: both are played by whoever is current there.
        }
        int rounds = 0;
        bool isOver = false;
        int noted = 0;
        while (!isOver && rounds < 20_000)
        {
            if (withAttackers)
            {
                Thread* attacker = _world.Cpu(2)->Current;
                if (rounds % 4 == 0)
                {
                    // The one that revokes.
                    Switch(attackers[revoking].Thread, attackers);
                    if (Call(2, attackers[revoking].Thread, CapTableOperation.Revoke, own[revoking]))
                    {
                        revoking = 1 - revoking;
                        // And at once the other one, in the time of one call, as both wait for the lock by turns.
                        Switch(attackers[revoking].Thread, attackers);
                        Call(2, attackers[revoking].Thread, CapTableOperation.Revoke, own[revoking]);
                    }
                }
                else
                {
                    int other = 1 - revoking;
                    uint to = Empty(ofOwn[other], room);
                    if (to != 0)
                    {
                        Switch(attackers[other].Thread, attackers);
                        Call(2, attackers[other].Thread, CapTableOperation.Copy, to, World.Pack(own[other], 7));
                    }
                }
            }
            isOver = Call(0, victim.Thread, CapTableOperation.Revoke, target);
            uint empty = Empty(copies, room);
            uint source = 0;
            for (uint slot = copies; slot < copies + room; slot++)
            {
                source = _world.Slot(slot)->IsEmpty ? source : slot;
            }
            if (source != 0)
            {
                noted += Call(1, copier.Thread, CapTableOperation.Copy, empty, World.Pack(source, 7)) ? 0 : 1;
            }
            rounds++;
            if (rounds % 100 == 0)
            {
                Assert.Empty(Invariants.Broken(_world));
            }
        }
        Assert.True(isOver, $"not over after {rounds} calls; the copier helped {noted} times");
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds");
    }

    /// <summary>Which of the two runs on CPU 2: the other is suspended meanwhile, as if it waited for a signal.</summary>
    private void Switch(Thread* to, Worker[] attackers)
    {
        if (_world.Cpu(2)->Current == to)
        {
            return;
        }
        // By a budget's end or a Yield between equals: what matters is who is current.
        Thread* from = _world.Cpu(2)->Current;
        Skerry.Kernel.Scheduling.Scheduler.Preempt(_world.Cpu(2), from);
        Skerry.Kernel.Scheduling.ReadyQueues.Remove(_world.Cpu(2), to);
        Skerry.Kernel.Scheduling.ReadyQueues.Prepend(_world.Cpu(2), to);
        if (from->Rank > to->Rank)
        {
            Skerry.Kernel.Scheduling.Scheduler.Dequeue(_world.Cpu(2), from);
        }
        _world.Choose(2);
    }
}
