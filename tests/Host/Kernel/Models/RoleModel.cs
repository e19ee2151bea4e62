using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Threads with a part to play, which most of the time do what it asks: a server of each kind, a pager, one that waits for
/// signals, clients. So the fastpaths are taken often; in between, the threads of <see cref="IpcModel"/> do anything, and
/// anything is done to all of them.
/// </summary>
internal sealed unsafe class RoleModel
{
    private const ulong Go = 0;

    /// <summary>One word, with a label by which the other model does not take it for its own.</summary>
    private static ulong Message => MessageInfo.Of(1, 1).Value;

    private const ulong Budget = 100;
    private const ulong Period = 1000;
    private const ulong SetsRegisters = FaultReply.SetRegisters;

    private readonly IpcModel _model;
    private readonly Dictionary<nint, (Role Role, uint Slot)> _roles = [];
    private readonly uint[] _active;
    private readonly uint[] _signals;
    private readonly uint[] _devices;
    private readonly uint[] _partners;

    private enum Role
    {
        Server,
        Pager,
        Waiter,
        Client,

        /// <summary>Uses its small budget up, and is better than all others when it comes back.</summary>
        Spender,

        /// <summary>One of two that wait for a notification each and signal the other's.</summary>
        Partner,
    }

    public RoleModel(uint cpus, bool fastpath)
    {
        // A fastpath does not wait for the lock, so others do nothing meanwhile.
        _model = new IpcModel(cpus, fastpath) { Waits = false };
        _active = new uint[cpus];
        _signals = new uint[cpus];
        _devices = new uint[cpus];
        _partners = new uint[2 * cpus];
        for (uint cpu = 0; cpu < cpus; cpu++)
        {
            _active[cpu] = World.Make(ObjectType.Endpoint, cpu);
            _signals[cpu] = World.Make(ObjectType.Notification, cpu);
            _devices[cpu] = World.NewSlot();
            Assert.Equal(Status.Ok, World.MakeMsi(_devices[cpu], cpu));
            const IrqHandlerOperation set = IrqHandlerOperation.SetNotification;
            Assert.Equal(Status.Ok, World.OnIrq(_devices[cpu], set, _signals[cpu]));
            Worker pager = World.StartPassive(cpu, _model.Endpoint(cpu, 0), 15);
            Worker server = World.StartPassive(cpu, _model.Endpoint(cpu, 1), 13);
            Play(pager, Role.Pager, _model.Endpoint(cpu, 0));
            Play(server, Role.Server, _model.Endpoint(cpu, 1));
            Play(World.Start(cpu, 14), Role.Waiter, _signals[cpu]);
            Worker spender = World.MakeThread(cpu, 16);
            Assert.Equal(Status.Ok, World.Configure(spender.Context, Budget, Period, cpu));
            World.Resume(spender);
            Play(spender, Role.Spender, 0);
            Play(World.Start(cpu, 14), Role.Server, _active[cpu]);
            Play(World.Start(cpu, 12), Role.Client, 0);
            Play(World.Start(cpu, 12), Role.Client, 0);
            _partners[2 * cpu] = World.Make(ObjectType.Notification, cpu);
            _partners[2 * cpu + 1] = World.Make(ObjectType.Notification, cpu);
            Play(World.Start(cpu, 14), Role.Partner, 2 * cpu);
            Play(World.Start(cpu, 14), Role.Partner, 2 * cpu + 1);
        }
    }

    public World World => _model.World;

    public List<string> Trace => _model.Trace;

    public IReadOnlyList<uint> Objects => [.. _model.Objects, .. _active, .. _signals, .. _devices, .. _partners];

    private void Play(Worker worker, Role role, uint slot)
    {
        _model.Adopt(worker);
        _roles[(nint)worker.Thread] = (role, slot);
    }

    public void Step(uint choice)
    {
        uint cpu = choice % World.CpuCount;
        uint kind = choice / 7 % 16;
        nint current = (nint)World.Cpu(cpu)->Current;
        if (kind < 2)
        {
            Trace.Add($"cpu {cpu}: {Interrupt(cpu, choice)}");
            return;
        }
        if (kind < 4 || current == 0 || !_roles.TryGetValue(current, out (Role Role, uint Slot) part))
        {
            _model.Step(choice);
            return;
        }
        _model.Ignore(current);
        Trace.Add($"cpu {cpu}: {part.Role} {Do(cpu, part.Role, part.Slot, kind)}");
    }

    /// <summary>A device is acknowledged as often as it interrupts, the timer comes when something is due.</summary>
    private string Interrupt(uint cpu, uint choice)
    {
        switch (choice / 112 % 3)
        {
            case 0:
                World.Receive(cpu, World.Irq(_devices[cpu])->Vector);
                return "a device interrupts";
            case 1:
                World.OnIrq(_devices[cpu], IrqHandlerOperation.Acknowledge, by: cpu);
                return "a device is acknowledged";
            default:
                SchedContext* due = World.Cpu(cpu)->Refills;
                if (due != null && due->RefillAt > Hardware.Clock)
                {
                    Hardware.Clock = due->RefillAt;
                }
                World.Tick(cpu);
                return "the next refill is due";
        }
    }

    private string Do(uint cpu, Role role, uint slot, uint kind)
    {
        switch (role)
        {
            case Role.Server:
                World.Call(cpu, SystemCall.ReplyRecv, slot, Message, 7);
                return "answers";
            case Role.Pager:
                ulong label = kind == 15 ? SetsRegisters : Go;
                World.Call(cpu, SystemCall.ReplyRecv, slot, MessageInfo.Of(label, 4).Value, 0x5000, 0x6000, 0x202);
                return "answers";
            case Role.Waiter:
                World.Call(cpu, SystemCall.Wait, slot);
                return "waits";
            case Role.Partner:
                bool waits = kind >= 9;
                World.Call(cpu, waits ? SystemCall.Wait : SystemCall.Signal, _partners[waits ? slot : slot ^ 1]);
                return waits ? "waits" : "signals its partner";
            case Role.Spender:
                Hardware.Clock += Budget * World.TicksPerMicrosecond;
                World.Tick(cpu);
                return "has no time left";
            default:
                return Ask(cpu, kind);
        }
    }

    private string Ask(uint cpu, uint kind)
    {
        switch (kind)
        {
            case < 8:
                World.Call(cpu, SystemCall.Call, _active[cpu], Message, kind);
                return "calls the active server";
            case 8:
                World.Call(cpu, SystemCall.Call, _model.Endpoint(cpu, 1), Message, kind);
                return "calls the passive server";
            case 9:
                World.Call(cpu, SystemCall.Call, _model.Endpoint((cpu + 1) % World.CpuCount, 1), Message, kind);
                return "calls the passive server of the next CPU";
            case < 12:
                World.Call(cpu, SystemCall.Signal, _signals[cpu]);
                return "signals";
            case < 15:
                World.Fault(cpu, 0x5000);
                return "faults";
            default:
                World.Call(cpu, SystemCall.Yield, 0);
                return "yields";
        }
    }
}
