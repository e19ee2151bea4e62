using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Two who hand the turn on to each other, each time through another passive server of their priority, so that whoever hands it
/// on is not whom it was handed to: the time that they may do so begins anew each time. Budgets are 10 ms; the equal spins.
/// </summary>
public sealed unsafe class HandOnByServersTests
{
    private const ulong Millisecond = 1000 * World.TicksPerMicrosecond;
    private readonly World _world = new(1);

    private bool Runs(Worker worker) => _world.Cpu(0)->Current == worker.Thread;

    private void Invoke(uint slot, ulong operation, ulong w0 = 0, ulong w1 = 0, ulong w2 = 0) =>
        _world.Call(0, SystemCall.Invoke, slot, MessageInfo.Of(operation, 4).Value, w0, w1, w2);

    /// <summary>What it used counts for nothing: a budget of 1 us is used up, and without a period there again.</summary>
    private void Renew(Worker whose)
    {
        ulong configure = (ulong)SchedContextOperation.Configure;
        Invoke(whose.Context, configure, 1, 0, World.FirstSchedControl);
        Invoke(whose.Context, configure, 10_000, 0, World.FirstSchedControl);
    }

    private void Work()
    {
        Hardware.Clock += 99 * Millisecond / 10;
        if (_world.Cpu(0)->TimerSetFor <= Hardware.Clock)
        {
            _world.Tick(0);
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void An_equal_has_its_turn(int servers, bool fastpath)
    {
        _world.UseFastpath = fastpath;
        uint[] endpoints = new uint[servers];
        Worker[] helpers = new Worker[servers];
        for (int i = 0; i < servers; i++)
        {
            endpoints[i] = _world.Make(ObjectType.Endpoint);
            helpers[i] = _world.StartPassive(0, endpoints[i], 10);
        }
        Worker second = _world.Start(0);
        Worker first = _world.Start(0);
        Worker equal = _world.Start(0);
        var equals = (SchedContext*)_world.Slot(equal.Context)->Object;
        ulong yieldTo = (ulong)SchedContextOperation.YieldTo;
        ulong start = Hardware.Clock;
        Assert.True(Runs(second));
        int i2 = 0;
        for (; i2 < 1000; i2++)
        {
            Worker helper = helpers[i2 % servers];
            Work();
            if (!Runs(second))
            {
                break;
            }
            Renew(first);
            _world.Call(0, SystemCall.Call, endpoints[i2 % servers]);
            Assert.True(Runs(helper));
            Invoke(first.Context, yieldTo);
            if (!Runs(first))
            {
                break;
            }
            Work();
            if (!Runs(first))
            {
                break;
            }
            Renew(second);
            Invoke(second.Context, yieldTo);
            if (!Runs(helper))
            {
                break;
            }
            _world.Call(0, SystemCall.ReplyRecv, endpoints[i2 % servers]);
            if (!Runs(second))
            {
                break;
            }
            Assert.Empty(Invariants.Broken(_world));
        }
        ulong passed = (Hardware.Clock - start) / Millisecond;
        Assert.True(
            Runs(equal),
            $"{passed} ms passed in slices of 10 ms, {i2} rounds, the equal had {equals->Consumed / Millisecond} ms; runs: first {Runs(first)} second {Runs(second)}"
        );
        Assert.True(passed < 50, $"{passed} ms");
    }
}
