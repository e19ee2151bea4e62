using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

public sealed unsafe class HandOnTests
{
    private const ulong Microsecond = World.TicksPerMicrosecond;
    private readonly World _world = new(1);

    private SchedContext* Context(Worker worker) => (SchedContext*)_world.Slot(worker.Context)->Object;

    private Thread* Current => _world.Cpu(0)->Current;

    private void Configure(uint context, ulong budget) =>
        _world.Call(
            0,
            SystemCall.Invoke,
            context,
            MessageInfo.Of((ulong)SchedContextOperation.Configure, 4).Value,
            budget,
            0,
            World.FirstSchedControl
        );

    private void YieldTo(uint context) =>
        _world.Call(0, SystemCall.Invoke, context, MessageInfo.Of((ulong)SchedContextOperation.YieldTo, 4).Value);

    /// <summary>Client and server on one context take turns in handing on.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void By_turns_with_their_servers(bool fastpath)
    {
        _world.UseFastpath = fastpath;
        uint[] endpoints = [_world.Make(ObjectType.Endpoint), _world.Make(ObjectType.Endpoint)];
        Worker[] servers = [_world.StartPassive(0, endpoints[0], 10), _world.StartPassive(0, endpoints[1], 10)];
        Worker[] clients = [_world.Start(0), _world.Start(0)];
        Worker victim = _world.Start(0);
        Assert.True(Current == clients[0].Thread);
        int rounds = 0;
        for (; rounds < 5000 && Current != victim.Thread; rounds++)
        {
            int who = Current == clients[0].Thread || Current == servers[0].Thread ? 0 : 1;
            Hardware.Clock += 9_000 * Microsecond;
            if (_world.Cpu(0)->TimerSetFor <= Hardware.Clock)
            {
                _world.Tick(0);
            }
            if (Current == victim.Thread)
            {
                break;
            }
            // A client calls its server, which hands on; a server that was handed the turn answers, and its client hands on.
            if (Current == clients[who].Thread)
            {
                _world.Call(0, SystemCall.Call, endpoints[who]);
            }
            else
            {
                _world.Call(0, SystemCall.ReplyRecv, endpoints[who]);
            }
            if (Current == victim.Thread)
            {
                break;
            }
            uint next = clients[1 - who].Context;
            Configure(next, 1);
            Configure(next, 10_000);
            YieldTo(next);
            Assert.Empty(Invariants.Broken(_world));
        }
        ulong had = Context(clients[0])->Consumed + Context(clients[1])->Consumed;
        Assert.True(
            rounds < 5000,
            $"{rounds} rounds, {had / Microsecond} us, victim {Context(victim)->Consumed / Microsecond} us"
        );
    }

    /// <summary>Better ones with little time hand on to each other in between.</summary>
    [Fact]
    public void With_the_help_of_better_ones()
    {
        Worker first = _world.Start(0);
        Worker second = _world.Start(0);
        Worker victim = _world.Start(0);
        Worker better = _world.MakeThread(0, 20);
        Worker best = _world.MakeThread(0, 20);
        uint wake = _world.Make(ObjectType.Notification);
        uint wakeOther = _world.Make(ObjectType.Notification);
        _world.Resume(better);
        _world.Call(0, SystemCall.Wait, wake);
        _world.Resume(best);
        _world.Call(0, SystemCall.Wait, wakeOther);
        int rounds = 0;
        for (; rounds < 5000 && Current != victim.Thread; rounds++)
        {
            Worker next = Current == first.Thread ? second : first;
            Hardware.Clock += 9_000 * Microsecond;
            if (_world.Cpu(0)->TimerSetFor <= Hardware.Clock)
            {
                _world.Tick(0);
            }
            if (Current == victim.Thread)
            {
                break;
            }
            _world.Call(0, SystemCall.Signal, wake);
            Assert.True(Current == better.Thread);
            _world.Call(0, SystemCall.Signal, wakeOther);
            YieldTo(best.Context);
            Assert.True(Current == best.Thread);
            _world.Call(0, SystemCall.Wait, wakeOther);
            _world.Call(0, SystemCall.Wait, wake);
            if (Current == victim.Thread)
            {
                break;
            }
            Configure(next.Context, 1);
            Configure(next.Context, 10_000);
            YieldTo(next.Context);
        }
        ulong had = Context(first)->Consumed + Context(second)->Consumed;
        ulong helped = Context(better)->Consumed + Context(best)->Consumed;
        Assert.True(
            rounds < 5000,
            $"{rounds} rounds, {had / Microsecond} us, helpers {helped / Microsecond}, victim {Context(victim)->Consumed / Microsecond} us"
        );
    }
}
