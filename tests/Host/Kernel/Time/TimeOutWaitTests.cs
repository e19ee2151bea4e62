using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Machine;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A thread's budget ends, which is to be told, and its CPU waits for the lock to do so: meanwhile all is as at any other time.
/// </summary>
public sealed unsafe class TimeOutWaitTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NobodyWaitsForARefillBeforeItIsTold(bool isInterrupted)
    {
        var world = new World(2);
        Worker worker = world.MakeThread(0);
        Assert.Equal(Status.Ok, world.Configure(worker.Context, 1_000, 100_000));
        ulong faults = (ulong)ThreadFaults.Timeout;
        Assert.Equal(Status.Ok, world.OnThread(worker.Slot, ThreadOperation.SetFaults, faults));
        world.Resume(worker);
        Assert.True(world.Cpu(0)->Current == worker.Thread);
        IReadOnlyList<CheckedRule>? broken = null;
        Hardware.Clock += 1_001 * World.TicksPerMicrosecond;
        world.WhileWaiting(0, () => broken = Invariants.Broken(world), () => world.Tick(0), isInterrupted);
        Assert.NotNull(broken);
        Assert.DoesNotContain(CheckedRule.RefillContext, broken);
        Assert.Empty(Invariants.Broken(world));
    }
}
