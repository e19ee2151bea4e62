using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A share of a CPU is all that comes out of it, whoever has it and however often it changes hands: contexts are made,
/// configured, replaced and moved, and nothing runs longer on the control of a tenth than a tenth of the time.
/// </summary>
public sealed unsafe class ShareTests
{
    private const uint Tenth = SchedShare.Whole / 10;
    private const uint Threads = 4;
    private const uint Cpus = 2;

    private static readonly (ulong Budget, ulong Period)[] _configurations =
    [
        (100, 1000),
        (50, 1000),
        (40, 400),
        (400, 4000),
        (30, 1000),
    ];

    private readonly World _world = new(Cpus);
    private readonly uint[] _controls = new uint[Cpus];
    private readonly Worker[] _workers = new Worker[Threads];
    private readonly ulong[] _ran = new ulong[Cpus];
    private readonly ulong _start = Hardware.Clock;
    private readonly List<string> _steps = [];

    public ShareTests()
    {
        for (uint i = 0; i < Cpus; i++)
        {
            _controls[i] = _world.NewSlot();
            Assert.Equal(Status.Ok, _world.DeriveControl(_controls[i], World.FirstSchedControl + i, 63, Tenth));
        }
        for (uint i = 0; i < Threads; i++)
        {
            _workers[i] = _world.MakeThread(i % Cpus);
            Replace(i);
            _world.Resume(_workers[i]);
        }
    }

    /// <summary>A thread gets a context that nobody has had.</summary>
    private Status Replace(uint index)
    {
        Worker worker = _workers[index];
        uint old = worker.Context;
        worker.Context = _world.Make(ObjectType.SchedContext);
        Status status = _world.Schedule(worker.Slot, 10, worker.Context);
        _world.Delete(old);
        return status;
    }

    private uint CpuOf(uint index) => _workers[index].Thread->Cpu;

    private Status Step(uint choice)
    {
        uint index = choice / 16 % Threads;
        uint value = choice / 64;
        uint cpu = CpuOf(index);
        switch (choice % 16)
        {
            case < 6:
                (ulong budget, ulong period) = _configurations[value % _configurations.Length];
                _steps.Add($"configure {index}: {budget} in {period}");
                return _world.ConfigureBy(_workers[index].Context, budget, period, _controls[cpu]);
            case 6:
                _steps.Add($"replace {index}");
                return Replace(index);
            case 7:
                _steps.Add($"move {index}");
                return _world.OnThread(_workers[index].Slot, ThreadOperation.SetCpu, _controls[(cpu + 1) % Cpus]);
            case 8:
                _steps.Add($"revoke on {cpu}");
                return _world.Revoke(_controls[cpu]);
            default:
                _steps.Add($"pass {value % 1500}");
                Pass(value % 1500 * World.TicksPerMicrosecond);
                return Status.Ok;
        }
    }

    /// <summary>Every timer interrupt comes when it is set for.</summary>
    private void Pass(ulong ticks)
    {
        ulong end = Hardware.Clock + ticks;
        while (Hardware.Clock < end)
        {
            ulong next = end;
            for (uint i = 0; i < Cpus; i++)
            {
                ulong due = Math.Max(_world.Cpu(i)->TimerSetFor, Hardware.Clock);
                next = Math.Min(next, due);
            }
            for (uint i = 0; i < Cpus; i++)
            {
                _ran[i] += _world.Cpu(i)->Current == null ? 0 : next - Hardware.Clock;
            }
            Hardware.Clock = next;
            for (uint i = 0; i < Cpus; i++)
            {
                if (_world.Cpu(i)->TimerSetFor <= Hardware.Clock)
                {
                    _world.Tick(i);
                }
            }
        }
    }

    private string? Excess()
    {
        ulong all = Hardware.Clock - _start;
        for (uint i = 0; i < Cpus; i++)
        {
            if (_ran[i] * SchedShare.Whole > all * Tenth)
            {
                return $"{_ran[i]} ran of {all} on CPU {i}, after {string.Join("; ", _steps)}";
            }
        }
        return null;
    }

    [Fact]
    public void NoMoreThanTheShareRunsWhoeverHasIt()
    {
        int done = 0;
        Prop.ForAll(
                Rounds.Choices,
                choices =>
                {
                    var model = new ShareTests();
                    foreach (int choice in choices)
                    {
                        model.Step((uint)choice);
                        done += model._ran[0] + model._ran[1] == 0 ? 0 : 1;
                        Assert.Empty(Invariants.Broken(model._world));
                        Assert.Null(model.Excess());
                    }
                }
            )
            .Check(Rounds.Of(100, 300));
        Assert.True(done > 1000, $"something had run before {done} steps");
    }

    private void Round(uint index, Action between)
    {
        Assert.Equal(Status.Ok, _world.ConfigureBy(_workers[index].Context, 100, 1000, _controls[0]));
        Pass(100 * World.TicksPerMicrosecond);
        between();
    }

    [Fact]
    public void ATenthThatGoesToOneFreshContextAfterTheOtherIsATenth()
    {
        for (int i = 0; i < 20; i++)
        {
            Round(0, () => Replace(0));
        }
        Assert.Null(Excess());
    }

    [Fact]
    public void TwoThatSwapTheirPartsOfATenthHaveATenth()
    {
        void Configure(uint index, ulong budget) =>
            Assert.Equal(Status.Ok, _world.ConfigureBy(_workers[index].Context, budget, 10_000, _controls[0]));
        for (uint i = 0; i < 20; i++)
        {
            uint rich = i % 2 * 2;
            Configure(2 - rich, 100);
            Configure(rich, 900);
            Pass(5000 * World.TicksPerMicrosecond);
        }
        Assert.Null(Excess());
    }

    [Fact]
    public void OneThatComesFromAnotherCPUBringsNoTimeAlong()
    {
        Assert.Equal(Status.Ok, _world.ConfigureBy(_workers[1].Context, 100, 1000, _controls[1]));
        Round(0, () => Replace(0));
        Pass(1000 * World.TicksPerMicrosecond);
        Assert.Equal(Status.Ok, _world.OnThread(_workers[1].Slot, ThreadOperation.SetCpu, _controls[0]));
        ulong before = _ran[0];
        Pass(899 * World.TicksPerMicrosecond);
        Assert.Equal(before, _ran[0]);
        Pass(200 * World.TicksPerMicrosecond);
        Assert.Equal(before + 100 * World.TicksPerMicrosecond, _ran[0]);
    }

    /// <summary>A server that works on it is on the old CPU; and its place among those that wait for their refill stays.</summary>
    [Fact]
    public void AThreadThatHasLentItsTimeDoesNotMoveToAPart()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint, 20);
        Assert.Equal(Status.Ok, _world.ConfigureBy(_workers[0].Context, 100, 1000, _controls[0]));
        Pass(950 * World.TicksPerMicrosecond);
        _world.Call(0, SystemCall.Call, endpoint);
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        Pass(100 * World.TicksPerMicrosecond);
        var context = (SchedContext*)_world.Slot(_workers[0].Context)->Object;
        Assert.True(_world.Cpu(0)->Refills == context);
        ulong due = context->RefillAt;
        Status status = _world.OnThread(_workers[0].Slot, ThreadOperation.SetCpu, _controls[1]);
        Assert.Equal((Status.InvalidState, due), (status, context->RefillAt));
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>It lost its time long ago, so by what it remembers it would be due.</summary>
    [Fact]
    public void OneThatWaitsAndIsConfiguredOnceMoreGoesOnWaiting()
    {
        Round(0, () => Assert.Equal(Status.Ok, _world.Revoke(_controls[0])));
        Pass(5000 * World.TicksPerMicrosecond);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(Status.Ok, _world.ConfigureBy(_workers[0].Context, 400, 4000, _controls[0]));
            Pass(1000 * World.TicksPerMicrosecond);
        }
        Assert.Equal(0ul, _ran[0]);
    }

    /// <summary>Configuring again what it has is no way to lose time, or to get some.</summary>
    [Fact]
    public void TheSameOnceMoreChangesNothing()
    {
        Round(0, () => { });
        Pass(850 * World.TicksPerMicrosecond);
        Assert.Equal(50 * World.TicksPerMicrosecond, _ran[0]);
        Round(0, () => { });
        Assert.Equal(100 * World.TicksPerMicrosecond, _ran[0]);
    }
}
