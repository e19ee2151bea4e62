using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Threads that are chosen and tell a fault instead of running: however many they are, an interrupt that waits is taken
/// before the next.
/// </summary>
public sealed unsafe class PassedOverTests
{
    private const int Count = 8;

    private readonly World _world = new(2);
    private readonly Worker[] _workers = new Worker[Count];

    private int Told()
    {
        int told = 0;
        foreach (Worker worker in _workers)
        {
            told += worker.State == ThreadState.Faulted ? 1 : 0;
        }
        return told;
    }

    /// <summary>Whoever runs on CPU 0 stops, and an interrupt waits from then on.</summary>
    private void StopBefore(Worker last)
    {
        uint notification = _world.Make(ObjectType.Notification);
        Assert.True(_world.Cpu(0)->Current == last.Thread);
        // From here on none is told that did not run.
        Assert.Equal(0, Told());
        LocalApic.AsksUntilPending = 0;
        Assert.True(_world.Call(0, SystemCall.Wait, notification) == null);
    }

    private void GoOn()
    {
        for (int told = 1; told < Count; told++)
        {
            Assert.Equal(told, Told());
            Assert.Empty(Invariants.Broken(_world));
            LocalApic.AsksUntilPending = 0;
            Assert.True(_world.Choose(0) == null);
        }
        Assert.Equal(Count, Told());
        LocalApic.AsksUntilPending = -1;
        Assert.True(_world.Choose(0) == null);
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void OfManyThatHaveNoTimeEachLeavesRoomForAnInterrupt()
    {
        Worker last = _world.Start(0, 40);
        for (int i = 0; i < Count; i++)
        {
            _workers[i] = _world.MakeThread(0, passive: true);
            _world.OnThread(_workers[i].Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.NoTime);
            _world.Resume(_workers[i]);
        }
        StopBefore(last);
        GoOn();
    }

    /// <summary>The interrupt that a CPU has put off to take another first is seen by what it comes for.</summary>
    [Fact]
    public void WhatWasHandedOverIsServedBeforeTheNext()
    {
        Worker last = _world.Start(0, 40);
        uint other = _world.Make(ObjectType.Notification);
        for (int i = 0; i < Count; i++)
        {
            _workers[i] = _world.MakeThread(0, passive: true);
            _world.OnThread(_workers[i].Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.NoTime);
            _world.Resume(_workers[i]);
        }
        uint notification = _world.Make(ObjectType.Notification);
        _world.Operate(1);
        _world.Call(1, SystemCall.Signal, other);
        _world.Rest(1);
        Assert.Equal(0, Told());
        Assert.True(_world.Call(0, SystemCall.Wait, notification) == null);
        Assert.Equal(1, Told());
        _world.Serve(0);
        Assert.Equal(Count, Told());
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void AndSoOfManyThatHaveAnExceptionDue()
    {
        Worker last = _world.Start(0, 40);
        for (int i = 0; i < Count; i++)
        {
            _workers[i] = _world.Start(0);
            // An exception, and an interrupt before it could be told.
            _workers[i].Thread->Flags |= ThreadFlags.FullFrame | ThreadFlags.FaultDue;
            _workers[i].Thread->FaultLabel = FaultLabel.Exception;
        }
        StopBefore(last);
        GoOn();
    }
}
