using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

public sealed unsafe class LostTurnTests
{
    private const ulong Microsecond = World.TicksPerMicrosecond;

    /// <summary>
    /// Who waits for the lock in order to configure his own context by another control loses the first meanwhile, by a friend on
    /// another CPU.
    /// </summary>
    [Fact]
    public void Who_loses_his_time_while_he_waits_to_configure_it_gives_way_to_his_equal()
    {
        var world = new World(2);
        Worker first = world.Start(0);
        Worker victim = world.Start(0);
        uint[] controls = [world.NewSlot(), world.NewSlot()];
        foreach (uint control in controls)
        {
            Assert.Equal(Status.Ok, world.DeriveControl(control, World.FirstSchedControl, 60, by: 1));
        }
        Assert.Equal(Status.Ok, world.ConfigureBy(first.Context, 10_000, 0, controls[0], by: 1));
        Assert.True(world.Cpu(0)->Current == first.Thread);
        ulong configure = MessageInfo.Of((ulong)SchedContextOperation.Configure, 4).Value;
        ulong ran = 0;
        int i = 0;
        for (; i < 1000 && world.Cpu(0)->Current == first.Thread; i++)
        {
            Hardware.Clock += 9_000 * Microsecond;
            ran += 9_000;
            if (world.Cpu(0)->TimerSetFor <= Hardware.Clock)
            {
                world.Tick(0);
            }
            if (world.Cpu(0)->Current != first.Thread)
            {
                break;
            }
            uint old = controls[i % 2];
            uint next = controls[1 - i % 2];
            first.Thread->Rip = 0x1000;
            world.WhileWaiting(
                0,
                () => Assert.Equal(Status.Ok, world.Delete(old, by: 1)),
                () => world.Call(0, SystemCall.Invoke, first.Context, configure, 10_000, 0, next)
            );
            world.LeaveRendezvous(0);
            Assert.Empty(Invariants.Broken(world));
            if (world.Cpu(0)->Current != first.Thread)
            {
                break;
            }
            Assert.Equal(0x1000ul, first.Thread->Rip);
            Assert.Equal(Status.Ok, first.Status);
            Assert.Equal(Status.Ok, world.DeriveControl(old, World.FirstSchedControl, 60, by: 1));
        }
        Assert.True(
            i < 1000,
            $"{ran} us, and its equal had {((SchedContext*)world.Slot(victim.Context)->Object)->Consumed}"
        );
    }

    /// <summary>
    /// A server on lent time is given a context of its own, and then what was lent is taken away (by a friend of another CPU):
    /// it begins another context, and so a chain of such has one budget after the other.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_goes_on_on_his_own_context_gives_way_to_his_equal(bool deletesReply)
    {
        const int servers = 20;
        var world = new World(2);
        var endpoints = new uint[servers];
        var chain = new Worker[servers];
        for (int i = 0; i < servers; i++)
        {
            endpoints[i] = world.Make(ObjectType.Endpoint);
            chain[i] = world.StartPassive(0, endpoints[i]);
        }
        Worker caller = world.Start(0);
        Worker victim = world.Start(0);
        uint context = caller.Context;
        Assert.True(world.Cpu(0)->Current == caller.Thread);
        ulong ran = 0;
        int done = 0;
        for (; done < servers && world.Cpu(0)->Current != victim.Thread; done++)
        {
            world.Call(0, SystemCall.Call, endpoints[done]);
            Assert.True(world.Cpu(0)->Current == chain[done].Thread);
            Hardware.Clock += 9_000 * Microsecond;
            ran += 9_000;
            if (world.Cpu(0)->TimerSetFor <= Hardware.Clock)
            {
                world.Tick(0);
            }
            if (world.Cpu(0)->Current == victim.Thread)
            {
                break;
            }
            uint own = world.MakeTime();
            Assert.Equal(Status.Ok, world.Schedule(chain[done].Slot, 10, own, by: 1));
            Assert.Equal(Status.Ok, world.Delete(deletesReply ? chain[done].Reply : context, by: 1));
            context = own;
            Assert.Empty(Invariants.Broken(world));
        }
        Assert.True(
            done < servers,
            $"{ran} us, and its equal had {((SchedContext*)world.Slot(victim.Context)->Object)->Consumed}"
        );
    }
}
