using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Who loses the time that he runs on, by a friend on another CPU, and has other time already, begins a turn of his own with
/// it, behind his equals (Turns.BeginOther).
/// </summary>
public sealed unsafe class LostTurnTests() : EqualTurns(2)
{
    /// <summary>While he waits for the lock to configure his context by another control, the first one goes.</summary>
    [Fact]
    public void WhoLosesHisTimeWhileHeWaitsToConfigureItGivesWayToHisEqual()
    {
        Worker first = _world.Start(0);
        Worker equal = _world.Start(0);
        uint[] controls = [_world.NewSlot(), _world.NewSlot()];
        foreach (uint control in controls)
        {
            Derive(control);
        }
        Good(_world.ConfigureBy(first.Context, 10_000, 0, controls[0], by: 1));
        int rounds = 0;
        HasItsTurn(
            equal,
            () =>
            {
                Assert.True(Runs(first));
                Work();
                if (!Runs(first))
                {
                    return;
                }
                uint old = controls[rounds % 2];
                uint next = controls[1 - rounds % 2];
                rounds++;
                ConfigureWhile(first, next, () => Good(_world.Delete(old, by: 1)));
                if (Runs(first))
                {
                    Good(first.Status);
                    Derive(old);
                }
            }
        );
    }

    private void Derive(uint control) => Good(_world.DeriveControl(control, World.FirstSchedControl, 60, by: 1));

    /// <summary>The thread configures its context by the control, and waits for the lock while others do something.</summary>
    private void ConfigureWhile(Worker worker, uint control, System.Action others)
    {
        ulong configure = (ulong)SchedContextOperation.Configure;
        worker.Thread->Rip = 0x1000;
        _world.WhileWaiting(0, others, () => _world.InvokeByCurrent(0, worker.Context, configure, 10_000, 0, control));
        _world.LeaveRendezvous(0);
        Assert.True(!Runs(worker) || worker.Thread->Rip == 0x1000);
    }

    /// <summary>
    /// A server is given a context of its own, and then what was lent to it is taken away: a chain of such has one budget
    /// after the other.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhoGoesOnOnHisOwnContextGivesWayToHisEqual(bool deletesReply)
    {
        // Enough for as long as the equal may wait.
        const int servers = 8;
        var endpoints = new uint[servers];
        var chain = new Worker[servers];
        for (int i = 0; i < servers; i++)
        {
            endpoints[i] = _world.Make(ObjectType.Endpoint);
            chain[i] = _world.StartPassive(0, endpoints[i]);
        }
        Worker caller = _world.Start(0);
        Worker equal = _world.Start(0);
        uint lent = caller.Context;
        Assert.True(Runs(caller));
        int rounds = 0;
        HasItsTurn(
            equal,
            () =>
            {
                Worker server = chain[rounds];
                _world.Call(0, SystemCall.Call, endpoints[rounds++]);
                Assert.True(Runs(server));
                Work();
                if (!Runs(server))
                {
                    return;
                }
                uint own = _world.MakeTime();
                Good(_world.Schedule(server.Slot, 10, own, by: 1));
                Good(_world.Delete(deletesReply ? server.Reply : lent, by: 1));
                lent = own;
            }
        );
    }

    /// <summary>
    /// His context is exchanged while his CPU stands still, and in the same stop a better thread that was handed over becomes
    /// ready: he is preempted on the way out, and goes behind his equal all the same.
    /// </summary>
    [Fact]
    public void WhoIsPreemptedAsHeComesToOtherTimeGivesWayToHisEqual()
    {
        uint note = _world.Make(ObjectType.Notification);
        uint[] memory = [_world.Make(ObjectType.Untyped, sizeBits: 7), _world.Make(ObjectType.Untyped, sizeBits: 7)];
        uint[] contexts = [_world.NewSlot(), _world.NewSlot()];
        Worker better = _world.Start(0, 20);
        _world.Call(0, SystemCall.Wait, note);
        Worker first = _world.Start(0);
        Worker equal = _world.Start(0);
        int rounds = 0;
        HasItsTurn(
            equal,
            () =>
            {
                Assert.True(Runs(first));
                Work();
                if (!Runs(first))
                {
                    return;
                }
                int other = rounds++ % 2;
                MakeAnew(memory[other], contexts[other]);
                Assert.True(Runs(first));
                SignalAndExchange(note, first, contexts[other]);
                if (Runs(better))
                {
                    Hardware.Clock += 5 * Microsecond;
                    _world.Call(0, SystemCall.Wait, note);
                }
            }
        );
    }

    /// <summary>A context that nobody has any more.</summary>
    private void MakeAnew(uint memory, uint context)
    {
        Good(_world.Revoke(memory, by: 1));
        ulong word = World.RetypeWord(ObjectType.SchedContext);
        Good(_world.Invoke(1, memory, (ulong)UntypedOperation.Retype, word, World.Pack(0, context), 1));
        Good(_world.Configure(context, 10_000, 0, by: 1));
    }

    private void SignalAndExchange(uint note, Worker worker, uint context)
    {
        _world.Operate(1);
        _world.Call(1, SystemCall.Signal, note);
        Good((Status)_world.Operator(1)->Rax);
        Good(_world.Schedule(worker.Slot, 10, context, by: 1));
        _world.Rest(1);
    }
}
