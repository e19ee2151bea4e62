using System;
using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;
using Cpu = Skerry.Kernel.Cpu;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Who waits for the cluster lock: in which turn, and what becomes of it if an interrupt comes first.</summary>
public sealed unsafe class ClusterLockTests : IDisposable
{
    private const uint Cpus = 4;

    private readonly World _world = new(Cpus);

    public void Dispose() => LocalApic.IsInterruptedWaiting = false;

    /// <summary>The rule that all tests of the kernel hold has a case that breaks it.</summary>
    [Fact]
    public void WhoNeedsItAndHasItNotIsTold()
    {
        Assert.Throws<InvalidOperationException>(() => Threads.Wake(_world.Cpu(0), _world.Operator(0)));
        ClusterLock.Hold(() => Threads.Stop(_world.Cpu(0), _world.Operator(0)));
    }

    private bool Acquire(uint cpu) => ClusterLock.Acquire(_world.Cpu(cpu));

    [Fact]
    public void WhoWaitsLongestHasItFirst()
    {
        uint[] byAge = [2, 0, 3, 1];
        for (uint i = 0; i < Cpus; i++)
        {
            _world.Cpu(byAge[i])->LockClaim = i + 1;
            Stand(byAge[i], claim: i + 1);
        }
        LocalApic.IsInterruptedWaiting = true;
        for (uint i = 0; i < Cpus; i++)
        {
            for (uint later = Cpus - 1; later > i; later--)
            {
                Assert.False(Comes(byAge[later]));
            }
            Assert.True(Comes(byAge[i]));
            ClusterLock.Release();
            Leave(byAge[i]);
        }
        Assert.False(ClusterLock.IsWanted);
    }

    /// <summary>One that stands there and looks whether it is its turn.</summary>
    private bool Comes(uint cpu)
    {
        Leave(cpu);
        bool had = Acquire(cpu);
        Stand(cpu, had ? 0 : _world.Cpu(cpu)->LockClaim);
        return had;
    }

    [Fact]
    public void WhoCameLaterWaitsForWhoStandsBeforeItAlthoughTheLockIsFree()
    {
        Assert.True(Acquire(0));
        LocalApic.IsInterruptedWaiting = true;
        Assert.False(Acquire(1));
        Stand(1, _world.Cpu(1)->LockClaim);
        ClusterLock.Release();
        Assert.False(ClusterLock.TryAcquire(), "a fastpath overtook");
        Assert.False(Acquire(2));
        Assert.NotEqual(0ul, _world.Cpu(2)->LockClaim);
        Leave(1);
        LocalApic.IsInterruptedWaiting = false;
        Assert.True(Acquire(2));
    }

    [Fact]
    public void NobodyWaitsForWhoHasLeftToTakeAnInterruptAndThatOneComesBeforeLaterOnes()
    {
        Assert.True(Acquire(0));
        LocalApic.IsInterruptedWaiting = true;
        Assert.False(Acquire(1));
        ulong claim = _world.Cpu(1)->LockClaim;
        Assert.False(ClusterLock.IsWanted);
        Assert.False(Acquire(2));
        LocalApic.IsInterruptedWaiting = false;
        ClusterLock.Release();
        Assert.True(Acquire(3));
        ClusterLock.Release();
        Assert.Equal(claim, _world.Cpu(1)->LockClaim);
        Assert.True(claim < _world.Cpu(2)->LockClaim);
        Assert.True(Acquire(1));
        Assert.Equal(0ul, _world.Cpu(1)->LockClaim);
    }

    [Fact]
    public void WhoWorksLongGivesWayToWhoWaits()
    {
        Assert.False(Preemption.IsDue(_world.Cpu(0)));
        Stand(1, claim: 1);
        Assert.True(Preemption.IsDue(_world.Cpu(0)));
        Leave(1);
        Assert.False(Preemption.IsDue(_world.Cpu(0)));
    }

    /// <summary>As a CPU that waits stands in the kernel.</summary>
    private void Stand(uint cpu, ulong claim)
    {
        _world.Cpu(cpu)->Shared.LockClaim = claim;
        World.AddLockWaiters(1);
    }

    private void Leave(uint cpu)
    {
        _world.Cpu(cpu)->Shared.LockClaim = 0;
        World.AddLockWaiters(-1);
    }

    [Fact]
    public void ACallThatAnInterruptOvertakesIsMadeAgain()
    {
        Worker worker = _world.Start(1, 20);
        ulong rip = worker.Thread->Rip = 0x1000;
        Interrupted(() => _world.Call(1, SystemCall.Invoke, 1, 77));
        Assert.Equal(rip - Threads.SystemCallInstructionBytes, worker.Thread->Rip);
        Assert.Equal((ulong)SystemCall.Invoke, worker.Thread->Rax);
        Assert.True(_world.Cpu(1)->Current == worker.Thread);
        Assert.False(_world.Cpu(1)->CallNotBegun);
    }

    [Fact]
    public void RequestsThatAnInterruptOvertakesAreServedBehindIt()
    {
        Interrupted(() => Requests.Received(_world.Cpu(1)));
        Assert.Contains((_world.Cpu(1)->ApicId, Vectors.RequestAgain), LocalApic.Sent);
        Assert.True(
            Vectors.RequestAgain / 16 < Vectors.FirstDevice / 16,
            "it would come before an interrupt that waits"
        );
    }

    /// <summary>A breakpoint or a single step has the instruction behind it: it does not strike again.</summary>
    [Fact]
    public void AnExceptionThatAnInterruptOvertakesIsToldAfterwards()
    {
        Worker worker = _world.Start(1, 20);
        Interrupted(() => _world.Exception(1, vector: 3));
        Assert.True(_world.Cpu(1)->Current == worker.Thread);
        _world.Choose(1);
        AssertFaulted(worker);
    }

    /// <summary>Nothing runs on the budget any more, and the interrupt finds whose time it takes.</summary>
    [Fact]
    public void ATimeOutThatAnInterruptOvertakesIsToldAfterwards()
    {
        const ulong budget = 100;
        Worker worker = _world.Start(1, 20);
        Assert.Equal(Status.Ok, _world.Configure(worker.Context, budget, 1000, cpu: 1));
        Assert.Equal(Status.Ok, _world.OnThread(worker.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.Timeout));
        _world.Choose(1);
        var context = (SchedContext*)_world.Slot(worker.Context)->Object;
        Hardware.Clock += budget * World.TicksPerMicrosecond + 7;
        Interrupted(() => _world.Tick(1));
        Assert.True(_world.Cpu(1)->Current == worker.Thread);
        Assert.True(_world.Cpu(1)->Charged == context);
        ulong due = context->RefillAt;
        Hardware.Clock += 5;
        _world.Serve(1);
        Assert.Equal(ThreadState.Faulted, worker.State);
        Assert.Equal(FaultLabel.Timeout, worker.Thread->FaultLabel);
        Assert.Equal(budget * World.TicksPerMicrosecond + 12, context->Consumed);
        Assert.Equal(12ul, context->Overrun);
        Assert.Equal(due, context->RefillAt);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>The interrupt is the timer, at the end of the budget: the exception is not lost to the time-out.</summary>
    [Fact]
    public void AnExceptionAtTheEndOfABudgetIsToldAsAnException()
    {
        Worker worker = _world.Start(1, 20);
        Assert.Equal(Status.Ok, _world.Configure(worker.Context, 100, 1000, cpu: 1));
        Assert.Equal(Status.Ok, _world.OnThread(worker.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.Timeout));
        _world.Choose(1);
        Hardware.Clock += 101 * World.TicksPerMicrosecond;
        Interrupted(() => _world.Exception(1, vector: 3));
        _world.Tick(1);
        Hardware.Clock += 1000 * World.TicksPerMicrosecond;
        _world.Tick(1);
        AssertFaulted(worker);
    }

    [Fact]
    public void RegistersOfAThreadThatWaitsToBeginACallAreThoseBeforeIt()
    {
        Worker debugger = _world.MakeThread(0, 20, buffer: true);
        _world.Resume(debugger);
        Worker worker = _world.Start(1, 20);
        const ulong behind = 0x1002;
        worker.Thread->Rip = behind;
        ulong info = MessageInfo.Of((ulong)ThreadOperation.ReadAllRegisters, 4).Value;
        _world.WhileWaiting(
            1,
            () => _world.Call(0, SystemCall.Invoke, worker.Slot, info),
            () => _world.Call(1, SystemCall.Invoke, 1, 77)
        );
        Assert.Equal(Status.Ok, debugger.Status);
        Assert.Equal(behind - Threads.SystemCallInstructionBytes, debugger.Thread->Word0);
        Assert.Equal(behind, worker.Thread->Rip);
    }

    public static TheoryData<string> Losses => ["delete", "revoke", "configure"];

    /// <summary>
    /// Its time goes while it waits for the lock, and then an interrupt comes: it does not go to user mode on nobody's time.
    /// </summary>
    [Theory]
    [MemberData(nameof(Losses))]
    public void AnExceptionOfAThreadThatLosesItsTimeMeanwhileIsToldWhenItHasSome(string loss)
    {
        uint control = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.DeriveControl(control, World.FirstSchedControl + 1, 63));
        Worker worker = _world.Start(1, 20);
        Assert.Equal(Status.Ok, _world.ConfigureBy(worker.Context, 100, 1000, control));
        _world.Choose(1);
        _world.WhileWaiting(
            1,
            () => Lose(worker, control, loss),
            () => _world.Exception(1, vector: 3),
            isInterrupted: true
        );
        Assert.Equal(ThreadState.Ready, worker.State);
        Assert.True(_world.Cpu(1)->Current == null && _world.Cpu(1)->Charged == null);
        Assert.Empty(Invariants.Broken(_world));
        uint context = loss == "delete" ? _world.MakeTime(1) : worker.Context;
        Assert.Equal(Status.Ok, _world.Configure(context, 100, 0, cpu: 1));
        Assert.Equal(Status.Ok, _world.Schedule(worker.Slot, 20, context));
        _world.Serve(1);
        AssertFaulted(worker);
    }

    /// <summary>What begins with a wait.</summary>
    private Status ConfigureByPart(Worker worker)
    {
        uint part = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.DeriveControl(part, World.FirstSchedControl + 1, 63, SchedShare.Whole / 2));
        return _world.ConfigureBy(worker.Context, 100, 1000, part);
    }

    private void Lose(Worker worker, uint control, string loss)
    {
        Status status = loss switch
        {
            "delete" => _world.Delete(worker.Context),
            "revoke" => _world.Delete(control),
            _ => ConfigureByPart(worker),
        };
        Assert.Equal(Status.Ok, status);
    }

    [Fact]
    public void AnExceptionOfAThreadThatIsStoppedMeanwhileIsToldWhenItIsResumed()
    {
        Worker worker = _world.Start(1, 20);
        _world.WhileWaiting(
            1,
            () => _world.OnThread(worker.Slot, ThreadOperation.Suspend, by: 0),
            () => _world.Exception(1, vector: 3)
        );
        Assert.Equal(ThreadState.Inactive, worker.State);
        _world.Resume(worker);
        AssertFaulted(worker);
    }

    [Fact]
    public void AnExceptionOfAThreadThatMovesMeanwhileIsToldOverThere()
    {
        Worker worker = _world.Start(1, 20);
        _world.WhileWaiting(
            1,
            () => _world.OnThread(worker.Slot, ThreadOperation.SetCpu, World.FirstSchedControl + 2, by: 0),
            () => _world.Exception(1, vector: 3)
        );
        _world.Serve(2);
        AssertFaulted(worker);
    }

    [Fact]
    public void AnExceptionOfAThreadWhoseCPUIsParkedMeanwhileIsToldWhenItIsWoken()
    {
        Worker worker = _world.Start(1, 20);
        const uint control = World.FirstCpuControl + 1;
        _world.WhileWaiting(
            1,
            () => _world.Invoke(0, control, (ulong)CpuControlOperation.Park),
            () => _world.Exception(1, vector: 3)
        );
        Assert.Equal(ThreadState.Ready, worker.State);
        Assert.Equal(Status.Ok, _world.Invoke(0, control, (ulong)CpuControlOperation.Wake));
        _world.Serve(1);
        AssertFaulted(worker);
    }

    [Fact]
    public void AThreadThatBeginsAnewIsToldNothingOfBefore()
    {
        Worker worker = _world.Start(1, 20);
        _world.WhileWaiting(
            1,
            () => _world.OnThread(worker.Slot, ThreadOperation.Suspend, by: 0),
            () => _world.Exception(1, vector: 3)
        );
        Assert.Equal(Status.Ok, _world.OnThread(worker.Slot, ThreadOperation.WriteRegisters, 0x2000));
        _world.Resume(worker);
        Assert.True(_world.Cpu(1)->Current == worker.Thread);
    }

    private void AssertFaulted(Worker worker)
    {
        Assert.Equal(ThreadState.Faulted, worker.State);
        Assert.Equal((FaultLabel.Exception, 3ul), (worker.Thread->FaultLabel, worker.Thread->FaultWord0));
        Assert.Equal(ThreadFlags.None, worker.Thread->Flags & ThreadFlags.FaultDue);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>The lock is another CPU's, and an interrupt comes before it is free.</summary>
    private static void Interrupted(Action act)
    {
        Assert.True(ClusterLock.TryAcquire());
        LocalApic.IsInterruptedWaiting = true;
        act();
        LocalApic.IsInterruptedWaiting = false;
        ClusterLock.Release();
    }
}
