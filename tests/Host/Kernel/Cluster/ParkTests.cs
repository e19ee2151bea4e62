using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Layout;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A parked CPU runs nobody, and misses nothing.</summary>
public sealed unsafe class ParkTests
{
    private readonly World _world = new(2);

    private Status Control(CpuControlOperation operation, uint target = 1) =>
        _world.Invoke(0, World.FirstCpuControl + target, (ulong)operation);

    private void Park() => Assert.Equal(Status.Ok, Control(CpuControlOperation.Park));

    private void Wake()
    {
        Assert.Equal(Status.Ok, Control(CpuControlOperation.Wake));
        Assert.Contains((_world.Cpu(1)->ApicId, Vectors.Request), LocalApic.Sent);
        _world.Serve(1);
    }

    [Fact]
    public void ItsThreadsStayReady()
    {
        Worker running = _world.Start(1, 20);
        Worker ready = _world.Start(1, 10);
        Park();
        Assert.True(_world.Cpu(1)->Current == null);
        Assert.Equal((ThreadState.Ready, ThreadState.Ready), (running.State, ready.State));
        Worker better = _world.MakeThread(1, 30);
        _world.Resume(better);
        Assert.True(_world.Cpu(1)->Current == null);
        Assert.Empty(Invariants.Broken(_world));
        Wake();
        Assert.True(_world.Cpu(1)->Current == better.Thread);
    }

    [Fact]
    public void ItsStateIsTold()
    {
        Park();
        Assert.Equal(Status.Ok, Control(CpuControlOperation.Query));
        Assert.Equal(
            ((ulong)CpuState.Parked, 1ul, (ulong)_world.Cpu(1)->ApicId),
            (_world.Operator(0)->Word0, _world.Operator(0)->Word1, _world.Operator(0)->Word2)
        );
        Assert.Equal(Status.InvalidState, Control(CpuControlOperation.Park));
        Wake();
        Assert.Equal(Status.Ok, Control(CpuControlOperation.Query));
        Assert.Equal((ulong)CpuState.Running, _world.Operator(0)->Word0);
    }

    [Fact]
    public void InterruptsAndSignalsWaitAsBits()
    {
        Worker waiter = _world.Start(1, 20);
        _world.Operate(0);
        (_, uint notification) = _world.OpenIrq(5, 1, InterruptFlags.None);
        _world.Call(1, SystemCall.Wait, notification);
        Park();
        IoApicRegisters.SetLine(5, true);
        Assert.Equal(1, _world.DeliverInterrupts());
        _world.Call(0, SystemCall.Signal, notification);
        _world.Serve(1);
        Assert.Equal((ThreadState.Ready, 4ul), (waiter.State, waiter.Thread->Rdi));
        Assert.True(_world.Cpu(1)->Current == null);
        Wake();
        Assert.True(_world.Cpu(1)->Current == waiter.Thread);
        _world.Call(1, SystemCall.Poll, notification);
        Assert.Equal(1ul, waiter.Thread->Rdi);
    }

    [Fact]
    public void ACallToItsServerWaits()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint, 1);
        Worker server = _world.StartPassive(1, endpoint);
        Worker client = _world.Start(0, 10);
        Park();
        _world.Call(0, SystemCall.Call, endpoint);
        _world.Serve(1);
        Assert.Equal((ThreadState.AwaitingReply, ThreadState.Ready), (client.State, server.State));
        Wake();
        Assert.True(_world.Cpu(1)->Current == server.Thread);
        Assert.Empty(Invariants.Broken(_world));
    }
}
