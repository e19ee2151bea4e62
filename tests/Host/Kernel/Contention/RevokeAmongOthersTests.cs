using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>As RevokesInTurnTests, but the victim shares its CPU with an equal, so that it makes no calls for some rounds.</summary>
public sealed unsafe class RevokeAmongOthersTests
{
    private readonly World _world = new(4);

    private static ulong Info(CapTableOperation operation) => MessageInfo.Of((ulong)operation, 4).Value;

    private bool Call(uint cpu, Thread* thread, CapTableOperation operation, ulong w0, ulong w1 = 0)
    {
        Assert.True(_world.Cpu(cpu)->Current == thread);
        thread->Rip = 0x1000;
        LocalApic.AsksUntilPending = 0;
        _world.Call(
            cpu,
            SystemCall.Invoke,
            World.Own,
            Info(operation),
            w0,
            w1,
            0,
            operation == CapTableOperation.Revoke ? thread->Word3 : 0
        );
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
    [InlineData(false, 0)]
    [InlineData(false, 50)]
    [InlineData(true, 0)]
    [InlineData(true, 50)]
    [InlineData(true, 100)]
    [InlineData(true, 150)]
    [InlineData(false, 150)]
    public void A_revoke_ends(bool withAttackers, int pause)
    {
        const uint room = 300;
        const uint many = 200;
        const int slice = 50;
        uint target = _world.Make(ObjectType.Endpoint);
        uint copies = _world.NewSlot(room);
        for (uint i = 0; i < 290; i++)
        {
            Assert.Equal(Status.Ok, _world.Copy(copies + i, target));
        }
        uint[] own = [_world.Make(ObjectType.Endpoint), _world.Make(ObjectType.Endpoint)];
        uint[] ofOwn = [_world.NewSlot(many), _world.NewSlot(many)];
        Worker victim = _world.Start(0);
        Worker copier = _world.Start(1);
        Worker[] attackers = [_world.Start(2), _world.Start(3)];
        bool[] fills = [false, true];
        for (uint i = 0; i < many && withAttackers; i++)
        {
            Assert.Equal(Status.Ok, _world.Copy(ofOwn[0] + i, own[0]));
        }
        int rounds = 0;
        int calls = 0;
        int helped = 0;
        bool isOver = false;
        while (!isOver && rounds < 40_000)
        {
            for (uint a = 0; a < 2 && withAttackers; a++)
            {
                Thread* attacker = attackers[a].Thread;
                // Refills what it revokes; and asks now and then meanwhile, to be the next.
                uint to = fills[a] ? Empty(ofOwn[a], many) : 0;
                fills[a] = to != 0;
                if (to != 0 && rounds % 4 != 0)
                {
                    Call(2 + a, attacker, CapTableOperation.Copy, to, World.Pack(own[a], 7));
                }
                else if (Call(2 + a, attacker, CapTableOperation.Revoke, own[a]))
                {
                    fills[a] = true;
                }
            }
            if (pause == 0 || rounds % (slice + pause) < slice)
            {
                calls++;
                isOver = Call(0, victim.Thread, CapTableOperation.Revoke, target);
            }
            uint empty = Empty(copies, room);
            uint source = 0;
            for (uint slot = copies; slot < copies + room; slot++)
            {
                source = _world.Slot(slot)->IsEmpty ? source : slot;
            }
            if (source != 0 && empty != 0)
            {
                helped += Call(1, copier.Thread, CapTableOperation.Copy, empty, World.Pack(source, 7)) ? 0 : 1;
            }
            rounds++;
        }
        Assert.Empty(Invariants.Broken(_world));
        Assert.True(
            isOver,
            $"not over after {rounds} rounds and {calls} calls of the victim; the copier helped {helped} times"
        );
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds, {calls} calls");
    }
}
