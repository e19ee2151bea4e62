using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A thread's context is exchanged by another CPU while its own CPU stands still, and a better thread that was handed over becomes ready
/// in the same stop: it is preempted on the way out, and stands before its equal on the fresh context. No YieldTo.
/// </summary>
public sealed unsafe class PreemptedWithOtherTimeTests
{
    private const ulong Microsecond = World.TicksPerMicrosecond;
    private readonly World _world = new(2);

    private Thread* Current => _world.Cpu(0)->Current;

    [Fact]
    public void An_equal_is_not_starved()
    {
        uint note = _world.Make(ObjectType.Notification);
        uint[] memory = [_world.Make(ObjectType.Untyped, sizeBits: 7), _world.Make(ObjectType.Untyped, sizeBits: 7)];
        uint[] context = [_world.NewSlot(), _world.NewSlot()];
        Worker better = _world.Start(0, 20);
        _world.Call(0, SystemCall.Wait, note);
        Worker attacker = _world.Start(0);
        Worker victim = _world.Start(0);
        var time = (SchedContext*)_world.Slot(victim.Context)->Object;
        ulong start = Hardware.Clock;
        int round = 0;
        for (; round < 500 && Current == attacker.Thread; round++)
        {
            Hardware.Clock += 9_000 * Microsecond;
            if (_world.Cpu(0)->TimerSetFor <= Hardware.Clock)
            {
                _world.Tick(0);
            }
            if (Current != attacker.Thread)
            {
                break;
            }
            int i = round % 2;
            // The other one, which nobody has any more, is made anew.
            Good(_world.Invoke(1, World.Own, (ulong)CapTableOperation.Revoke, memory[i]));
            Good(
                _world.Invoke(
                    1,
                    memory[i],
                    (ulong)UntypedOperation.Retype,
                    World.RetypeWord(ObjectType.SchedContext),
                    World.Pack(0, context[i]),
                    1
                )
            );
            Good(_world.Configure(context[i], 10_000, 0, by: 1));
            Assert.True(Current == attacker.Thread);
            _world.Operate(1);
            _world.Call(1, SystemCall.Signal, note);
            Good((Status)_world.Operator(1)->Rax);
            Good(_world.Schedule(attacker.Slot, 10, context[i], by: 1));
            _world.Rest(1);
            if (Current == better.Thread)
            {
                Hardware.Clock += 5 * Microsecond;
                _world.Call(0, SystemCall.Wait, note);
            }
            Assert.Empty(Invariants.Broken(_world));
        }
        Assert.True(
            round < 500,
            $"ran {(Hardware.Clock - start) / Microsecond} us; its equal had {time->Consumed / Microsecond} us, the better one {((SchedContext*)_world.Slot(better.Context)->Object)->Consumed / Microsecond}"
        );
        TestContext.Current.TestOutputHelper?.WriteLine($"{round} rounds");
    }

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);
}
