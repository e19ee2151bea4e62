using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Interrupts that wake a better thread by the fast way, and what keeps them from it.</summary>
public sealed unsafe class FastInterruptTests
{
    private const ulong Bits = 4;

    private readonly World _world = new(2);

    private static int Taken(string path) => World.Taken.GetValueOrDefault(path);

    [Theory]
    [InlineData("", true)]
    [InlineData("level-triggered", false)]
    [InlineData("not acknowledged", false)]
    [InlineData("closed", false)]
    [InlineData("nobody waits", false)]
    [InlineData("the waiter is no better", false)]
    [InlineData("the waiter is debugged", false)]
    [InlineData("the waiter has no time", false)]
    [InlineData("the time of who runs is up", false)]
    [InlineData("the CPU idles", false)]
    public void ADeviceWakesABetterThread(string reason, bool fast)
    {
        bool isLevel = reason == "level-triggered";
        var flags = isLevel ? InterruptFlags.Level : InterruptFlags.None;
        (uint handler, uint notification) = _world.OpenIrq(5, 0, flags, Bits);
        Worker waiter = _world.Start(0, (byte)(reason == "the waiter is no better" ? 10 : 20));
        if (reason != "nobody waits")
        {
            _world.Call(0, SystemCall.Wait, notification);
        }
        else
        {
            Assert.Equal(Status.Ok, _world.OnThread(waiter.Slot, ThreadOperation.Suspend));
        }
        Worker running = _world.MakeThread(0);
        if (reason != "the CPU idles")
        {
            _world.Resume(running);
        }
        switch (reason)
        {
            case "not acknowledged":
                _world.Irq(handler)->State = (uint)IrqState.Signalled;
                break;
            case "closed":
                Assert.Equal(Status.Ok, _world.OnIrq(handler, IrqHandlerOperation.Clear));
                break;
            case "the waiter is debugged":
                Assert.Equal(Status.Ok, _world.OnThread(waiter.Slot, ThreadOperation.SetSingleStep, 1));
                break;
            case "the waiter has no time":
                waiter.Thread->SchedContext->Remaining = 0;
                break;
            case "the time of who runs is up":
                Hardware.Clock += _world.Cpu(0)->Charged->Remaining;
                break;
        }
        int before = Taken("Interrupt");
        _world.Receive(0, _world.Irq(handler)->Vector);
        Assert.Equal(before + (fast ? 1 : 0), Taken("Interrupt"));
        if (fast)
        {
            Assert.True(_world.Cpu(0)->Current == waiter.Thread);
            Assert.Equal(Bits, waiter.Thread->Rdi);
            Assert.Equal(IrqState.Signalled, _world.IrqStateOf(handler));
            Assert.Equal(ThreadState.Ready, running.State);
            Assert.NotEqual(ThreadFlags.None, running.Thread->Flags & ThreadFlags.FullFrame);
            Assert.Empty(Invariants.Broken(_world));
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("too early", false)]
    [InlineData("its holder is no better", false)]
    [InlineData("its holder is debugged", false)]
    [InlineData("the time of who runs is up", false)]
    public void TheTimerWakesABetterThread(string reason, bool fast)
    {
        Worker refilled = _world.MakeThread(0, (byte)(reason == "its holder is no better" ? 10 : 20));
        Assert.Equal(Status.Ok, _world.Configure(refilled.Context, 100, 1000));
        _world.Resume(refilled);
        Hardware.Clock += 100 * World.TicksPerMicrosecond;
        _world.Tick(0);
        Worker running = _world.Start(0);
        Assert.True(_world.Cpu(0)->Current == running.Thread);
        var context = (SchedContext*)_world.Slot(refilled.Context)->Object;
        if (reason == "its holder is debugged")
        {
            Assert.Equal(Status.Ok, _world.OnThread(refilled.Slot, ThreadOperation.SetSingleStep, 1));
        }
        if (reason == "the time of who runs is up")
        {
            _world.Cpu(0)->Charged->Remaining = 10;
        }
        Hardware.Clock = context->RefillAt - (reason == "too early" ? 1ul : 0);
        int before = Taken("Timer");
        _world.Tick(0);
        Assert.Equal(before + (fast ? 1 : 0), Taken("Timer"));
        if (fast)
        {
            Assert.True(_world.Cpu(0)->Current == refilled.Thread);
            Assert.Equal(context->Budget, context->Remaining);
            Assert.Equal(Hardware.Clock + context->Budget, _world.Cpu(0)->TimerSetFor);
            Assert.Empty(Invariants.Broken(_world));
        }
    }
}
