using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>One CPU, no race, no YieldTo: a server takes its own context while it runs on lent time, and answers by Send.</summary>
public sealed unsafe class OtherTimeTests
{
    private const ulong Microsecond = World.TicksPerMicrosecond;
    private readonly World _world = new(1);

    private Thread* Current => _world.Cpu(0)->Current;

    private void Invoke(uint slot, ulong operation, ulong w0 = 0, ulong w1 = 0, ulong w2 = 0)
    {
        Thread* by = Current;
        _world.Call(0, SystemCall.Invoke, slot, MessageInfo.Of(operation, 4).Value, w0, w1, w2);
        Assert.True((Status)by->Rax == Status.Ok, $"{(Status)by->Rax}");
    }

    [Fact]
    public void Who_answers_and_goes_on_on_his_own_gives_way_to_his_equal()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint);
        uint own = _world.MakeTime();
        Worker client = _world.Start(0);
        Worker victim = _world.Start(0);
        ulong configure = (ulong)SchedContextOperation.Configure;
        ulong schedule = (ulong)ThreadOperation.SetScheduling;
        ulong ran = 0;
        int i = 0;
        for (; i < 400 && Current == client.Thread; i++)
        {
            // What the calls take.
            Hardware.Clock += 20 * Microsecond;
            _world.Call(0, SystemCall.Call, endpoint);
            Assert.True(Current == server.Thread);
            Invoke(own, configure, 1, 0, World.FirstSchedControl);
            Invoke(own, configure, 10_000, 0, World.FirstSchedControl);
            Invoke(server.Slot, schedule, World.Pack(10, own), World.FirstSchedControl);
            _world.Call(0, SystemCall.Send, server.Reply);
            if (Current != server.Thread)
            {
                break;
            }
            Hardware.Clock += 9_000 * Microsecond;
            ran += 9_000;
            if (_world.Cpu(0)->TimerSetFor <= Hardware.Clock)
            {
                _world.Tick(0);
            }
            if (Current != server.Thread)
            {
                break;
            }
            _world.Call(0, SystemCall.Recv, endpoint);
            if (Current != client.Thread)
            {
                break;
            }
            Invoke(server.Slot, schedule, World.Pack(10, 0), World.FirstSchedControl);
            Assert.Empty(Invariants.Broken(_world));
        }
        Assert.True(
            i < 400,
            $"{ran} us, and its equal had {((SchedContext*)_world.Slot(victim.Context)->Object)->Consumed}"
        );
    }
}
