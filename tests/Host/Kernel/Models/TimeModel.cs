using System;
using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// An onlooker of the model of IPC, who sees only which thread each CPU runs, and on which context. He keeps a ledger of
/// each context, and knows who waits while an equal runs.
/// </summary>
internal sealed unsafe class TimeModel
{
    private readonly ulong _lateness;
    private readonly Dictionary<nint, TimeLedger> _ledgers = [];
    private readonly Dictionary<(nint Thread, nint Context), (ulong Ran, ulong Budget)> _before = [];

    /// <summary>Steps that take threads out of their ready queues and put them there again, or give a turn to another.</summary>
    private static readonly string[] _moving =
    [
        "yield to",
        "move",
        "set",
        "suspend",
        "resume",
        "priority",
        "bind",
        "delete",
    ];

    /// <param name="lateness">How late a timer interrupt comes, ticks.</param>
    public TimeModel(uint cpus, bool fastpath, ulong lateness)
    {
        _lateness = lateness;
        Ipc = new IpcModel(cpus, fastpath)
        {
            Pass = Pass,
            Configurations =
            [
                (1000, 0),
                (3000, 0),
                (1000, 1000),
                (1000, 5000),
                (500, 5000),
                (2000, 5000),
                (1000, 2500),
                (3000, 30_000),
                (100, 1000),
                (1, 10),
                (60_000_000, 3_600_000_000),
            ],
        };
        Look();
    }

    public IpcModel Ipc { get; }

    /// <summary>What does not hold, or null.</summary>
    public string? Wrong { get; private set; }

    public void Step(uint choice)
    {
        string step = Ipc.Step(choice);
        if (Array.Exists(_moving, moving => step.StartsWith(moving) || step.Contains($": {moving}")))
        {
            // Whoever waits may have been put behind the others.
            _before.Clear();
        }
        Look();
    }

    /// <summary>The first context that had more than it may, or null.</summary>
    public string? Excess()
    {
        foreach (TimeLedger ledger in _ledgers.Values)
        {
            if (ledger.Excess(_lateness) is string excess)
            {
                return excess;
            }
        }
        return null;
    }

    /// <summary>Who runs now, how contexts are configured, and that each says what ran on it.</summary>
    private void Look()
    {
        for (uint i = 0; i < Ipc.World.CpuCount; i++)
        {
            // It has its turn, for however short.
            Forget(Ipc.World.Cpu(i)->Current);
        }
        foreach (uint slot in Ipc.Contexts)
        {
            Capability* capability = Ipc.World.Slot(slot);
            if (capability->Type != ObjectType.SchedContext)
            {
                continue;
            }
            var context = (SchedContext*)capability->Object;
            TimeLedger ledger = LedgerOf(context);
            ledger.Configured(Hardware.Clock, context->Budget, context->Period);
            Skerry.Kernel.Cpu* home = Ipc.World.Cpu(context->Holder == null ? 0u : context->Holder->Cpu);
            ulong consumed = Timekeeping.Consumed(home, context);
            if (consumed != ledger.Total)
            {
                Wrong ??= $"context {slot} says {consumed}, and {ledger.Total} ran on it";
            }
        }
    }

    private TimeLedger LedgerOf(SchedContext* context)
    {
        if (!_ledgers.TryGetValue((nint)context, out TimeLedger? ledger))
        {
            ledger = new TimeLedger();
            _ledgers.Add((nint)context, ledger);
        }
        return ledger;
    }

    /// <summary>Timers come when they are set for, and as late as they do here.</summary>
    private void Pass(ulong ticks)
    {
        ulong end = Hardware.Clock + ticks;
        while (Hardware.Clock < end)
        {
            ulong next = end;
            for (uint i = 0; i < Ipc.World.CpuCount; i++)
            {
                ulong due = DueAt(i);
                next = due < next ? due : next;
            }
            Run(next > Hardware.Clock ? next : Hardware.Clock);
            for (uint i = 0; i < Ipc.World.CpuCount; i++)
            {
                if (DueAt(i) <= Hardware.Clock)
                {
                    Ipc.World.Tick(i);
                }
            }
        }
    }

    private ulong DueAt(uint cpu)
    {
        ulong due = Ipc.World.Cpu(cpu)->TimerSetFor;
        return due == DeadlineTimer.Never ? due : due + _lateness;
    }

    private void Run(ulong until)
    {
        for (uint i = 0; i < Ipc.World.CpuCount; i++)
        {
            Thread* current = Ipc.World.Cpu(i)->Current;
            if (current == null)
            {
                continue;
            }
            LedgerOf(current->SchedContext).Ran(Hardware.Clock, until);
            Wait(i, current, until - Hardware.Clock);
        }
        Hardware.Clock = until;
    }

    /// <summary>While somebody waits for his turn, no context sees more than one budget of an equal's.</summary>
    private void Wait(uint cpu, Thread* current, ulong ticks)
    {
        foreach (Worker waiter in Ipc.Workers)
        {
            Thread* thread = waiter.Thread;
            if (
                Ipc.World.Slot(waiter.Slot)->Type != ObjectType.Thread
                || !ReadyQueues.Has(Ipc.World.Cpu(thread->Cpu), thread)
            )
            {
                Forget(thread);
            }
            else if (thread->Cpu == cpu && thread->Rank == current->Rank)
            {
                SchedContext* context = current->SchedContext;
                (ulong ran, ulong budget) = _before.GetValueOrDefault(((nint)thread, (nint)context));
                ran += ticks;
                budget = Math.Max(budget, context->Budget);
                _before[((nint)thread, (nint)context)] = (ran, budget);
                if (ran > budget + _lateness)
                {
                    Wrong ??= $"thread {waiter.Slot} waited while an equal ran for {ran} of {budget}";
                }
            }
        }
    }

    private void Forget(Thread* thread)
    {
        foreach ((nint Thread, nint Context) key in new List<(nint, nint)>(_before.Keys))
        {
            if (key.Thread == (nint)thread)
            {
                _before.Remove(key);
            }
        }
    }
}
