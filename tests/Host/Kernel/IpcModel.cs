using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// The threads of the model and what is expected of them. A number chooses each step, so that a failing sequence is one
/// of numbers and can be made shorter.
/// </summary>
internal sealed unsafe class IpcModel
{
    private const int ThreadsPerCpu = 4;
    private const int EndpointsPerCpu = 2;

    private readonly List<Worker> _workers = [];
    private readonly List<uint> _endpoints = [];
    private readonly List<uint> _badged = [];
    private readonly List<uint> _notifications = [];
    private readonly List<uint> _replies = [];
    private readonly List<uint> _contexts = [];
    private readonly List<uint> _controls = [];
    private readonly Dictionary<ulong, ulong> _sent = [];
    private readonly HashSet<ulong> _received = [];
    private readonly HashSet<nint> _receiving = [];
    private ulong _token = 1;

    public IpcModel(uint cpus, bool fastpath)
    {
        World = new World(cpus) { UseFastpath = fastpath };
        for (uint cpu = 0; cpu < cpus; cpu++)
        {
            MakeObjects(cpu);
        }
    }

    public World World { get; }

    public List<string> Trace { get; } = [];

    /// <summary>A thread that somebody else plays; it is administered like the model's own.</summary>
    public void Adopt(Worker worker)
    {
        _workers.Add(worker);
        _replies.Add(worker.Reply);
        if (worker.Context != 0)
        {
            _contexts.Add(worker.Context);
        }
    }

    /// <summary>What it has received is not looked at: it does something else.</summary>
    public void Ignore(nint thread) => _receiving.Remove(thread);

    public uint Endpoint(uint cpu, uint index) => _endpoints[(int)(cpu * EndpointsPerCpu + index)];

    /// <summary>Slots of all objects that the steps concern.</summary>
    public IReadOnlyList<uint> Objects =>
        [.. _workers.ConvertAll(worker => worker.Slot), .. _contexts, .. _endpoints, .. _notifications, .. _replies];

    public IReadOnlyList<Worker> Workers => _workers;

    /// <summary>Slots of all scheduling contexts.</summary>
    public IReadOnlyList<uint> Contexts => _contexts;

    /// <summary>Now and then a CPU waits for the lock, and another one does something meanwhile.</summary>
    public bool Waits { get; init; } = true;

    /// <summary>Lets ticks of the clock pass, in place of one leap and one CPU's timer.</summary>
    public System.Action<ulong>? Pass { get; init; }

    /// <summary>Budgets and periods that contexts are configured with, in microseconds.</summary>
    public IReadOnlyList<(ulong Budget, ulong Period)> Configurations { get; init; } = [(1000, 0), (1000, 5000)];

    private void MakeObjects(uint cpu)
    {
        uint table = World.Make(ObjectType.CapTable, sizeBits: 4);
        uint faults = World.Make(ObjectType.Endpoint, cpu);
        for (int i = 0; i < EndpointsPerCpu; i++)
        {
            uint endpoint = i == 0 ? faults : World.Make(ObjectType.Endpoint, cpu);
            uint badged = World.NewSlot();
            World.Mint(badged, endpoint, 1000 + badged);
            _endpoints.Add(endpoint);
            _badged.Add(badged);
        }
        if (cpu == 0)
        {
            World.Invoke(
                0,
                table,
                (ulong)CapTableOperation.Copy,
                World.Pack(FaultTable.SlotFor(0), 0),
                World.Pack(faults, 7)
            );
            World.Invoke(0, World.Space, (ulong)AddressSpaceOperation.SetFaultTable, table);
        }
        _notifications.Add(World.Make(ObjectType.Notification, cpu));
        _replies.Add(World.Make(ObjectType.Reply, cpu));
        _contexts.Add(World.Make(ObjectType.SchedContext, cpu));
        for (int i = 0; i < 4; i++)
        {
            _controls.Add(World.NewSlot());
        }
        for (int i = 0; i < ThreadsPerCpu; i++)
        {
            Worker worker = World.Start(cpu, (byte)(10 + i % 2));
            _workers.Add(worker);
            _replies.Add(worker.Reply);
            _contexts.Add(worker.Context);
        }
    }

    /// <summary>Answers what was done.</summary>
    public string Step(uint choice)
    {
        uint cpu = Take(ref choice, World.CpuCount);
        uint kind = Take(ref choice, 16);
        string step = kind switch
        {
            < 8 => Act(cpu, choice),
            8 => ActLate(cpu, choice),
            9 => Interrupt(cpu),
            10 => Time(cpu, choice),
            _ => Administer(cpu, choice),
        };
        Trace.Add($"cpu {cpu}: {step}");
        return step;
    }

    private static uint Take(ref uint choice, uint count)
    {
        uint taken = choice % count;
        choice = choice / count * 2654435761u + choice;
        return taken;
    }

    private static uint Pick(ref uint choice, List<uint> of) => of[(int)Take(ref choice, (uint)of.Count)];

    private string Interrupt(uint cpu)
    {
        World.Serve(cpu);
        return "request interrupt";
    }

    private string Time(uint cpu, uint choice)
    {
        uint microseconds = Take(ref choice, 20) * 500;
        if (Pass != null)
        {
            Pass(microseconds * World.TicksPerMicrosecond);
            return $"{microseconds} us pass";
        }
        Hardware.Clock += microseconds * World.TicksPerMicrosecond;
        World.Tick(cpu);
        return $"{microseconds} us pass";
    }

    /// <summary>
    /// The same, and while it waits for the lock another CPU's operator does something, one time in two with that thread.
    /// </summary>
    private string ActLate(uint cpu, uint choice)
    {
        uint by = (cpu + 1) % World.CpuCount;
        if (by == cpu || !Waits)
        {
            return Act(cpu, choice);
        }
        string meanwhile = "nothing";
        string step = "";
        World.WhileWaiting(
            cpu,
            () => meanwhile = choice % 7 < 3 ? TakeTime(cpu, by) : Administer(by, choice / 2),
            () => step = Act(cpu, choice)
        );
        return $"{step}, and while it waits: {meanwhile}";
    }

    private string TakeTime(uint cpu, uint by)
    {
        Worker? worker = _workers.Find(worker => worker.Thread == World.Cpu(cpu)->Current);
        if (worker == null)
        {
            return "nothing";
        }
        World.OnThread(worker.Slot, ThreadOperation.SetScheduling, World.Pack(10, 0), by: by);
        return $"set scheduling of {worker.Slot} to 0";
    }

    /// <summary>The CPU's current thread makes a system call.</summary>
    private string Act(uint cpu, uint choice)
    {
        Thread* current = World.Cpu(cpu)->Current;
        if (current == null)
        {
            return Interrupt(cpu);
        }
        Observe(current);
        uint slot = Take(ref choice, 2) == 0 ? Pick(ref choice, _badged) : Pick(ref choice, _endpoints);
        switch (Take(ref choice, 16))
        {
            case 0 or 1 or 2:
                return Send(cpu, SystemCall.Call, slot);
            case 3 or 4:
                _receiving.Add((nint)current);
                World.Call(cpu, SystemCall.ReplyRecv, Pick(ref choice, _endpoints), 1, _token++);
                return "ReplyRecv";
            case 5:
                _receiving.Add((nint)current);
                World.Call(
                    cpu,
                    Take(ref choice, 3) == 0 ? SystemCall.NBRecv : SystemCall.Recv,
                    Pick(ref choice, _endpoints)
                );
                return "Recv";
            case 6:
                return Send(cpu, SystemCall.Send, slot);
            case 7:
                return Send(cpu, SystemCall.NBSend, Take(ref choice, 2) == 0 ? Pick(ref choice, _replies) : slot);
            case 8:
                World.Call(cpu, SystemCall.Signal, Pick(ref choice, _notifications));
                return "Signal";
            case 9:
                World.Call(
                    cpu,
                    Take(ref choice, 2) == 0 ? SystemCall.Wait : SystemCall.Poll,
                    Pick(ref choice, _notifications)
                );
                return "Wait";
            case 10:
                World.Call(cpu, SystemCall.Yield, 0);
                return "Yield";
            case 11:
                uint target = Pick(ref choice, _contexts);
                ActOn(cpu, target, (ulong)SchedContextOperation.YieldTo);
                return $"yield to {target}";
            case 12:
                Worker worker = _workers[(int)Take(ref choice, (uint)_workers.Count)];
                uint place = Take(ref choice, World.CpuCount);
                ActOn(cpu, worker.Slot, (ulong)ThreadOperation.SetCpu, Control(ref choice, place));
                return $"move {worker.Slot} to {place}";
            case 14:
                ulong cause = Take(ref choice, 16) | (ulong)Take(ref choice, 2) << 14;
                World.DebugException(cpu, cause);
                return $"debug exception {cause:x}";
            case 13:
                bool unknown = Take(ref choice, 2) == 0;
                World.Call(cpu, unknown ? (SystemCall)77 : SystemCall.Call, unknown ? slot : 1000);
                return unknown ? "unknown system call" : "call of nothing";
            default:
                return Take(ref choice, 2) == 0 ? FaultOf(cpu) : ConfigureBy(cpu, choice);
        }
    }

    private string FaultOf(uint cpu)
    {
        World.Fault(cpu, 0x5000);
        return "fault";
    }

    /// <summary>Any context, one time in two that of the thread itself.</summary>
    private string ConfigureBy(uint cpu, uint choice)
    {
        uint own = _contexts.Find(slot => World.Slot(slot)->Object == World.Cpu(cpu)->Current->SchedContext);
        uint context = Take(ref choice, 2) == 0 && own != 0 ? own : Pick(ref choice, _contexts);
        (ulong budget, ulong period) = Configurations[(int)Take(ref choice, (uint)Configurations.Count)];
        uint control = Control(ref choice, cpu);
        ActOn(cpu, context, (ulong)SchedContextOperation.Configure, budget, period, control);
        return $"configure {context} with {budget} in {period}";
    }

    private void ActOn(uint cpu, uint slot, ulong operation, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0)
    {
        World.Call(cpu, SystemCall.Invoke, slot, MessageInfo.Of(operation, 4).Value, word0, word1, word2);
        World.LeaveRendezvous(cpu);
    }

    private string Send(uint cpu, SystemCall call, uint slot)
    {
        ulong token = _token++;
        Capability* capability = World.Slot(slot);
        if (capability->Type == ObjectType.Endpoint)
        {
            _sent[token] = capability->Badge;
        }
        World.Call(cpu, call, slot, 1, token);
        return $"{call} through {slot}";
    }

    /// <summary>A thread that had begun to receive runs again: what it has in its registers is a message, or why there is none.</summary>
    private void Observe(Thread* thread)
    {
        var info = new MessageInfo(thread->Info);
        bool message =
            _receiving.Remove((nint)thread) && thread->Rax == (ulong)Status.Ok && info.Label == 0 && info.Length == 1;
        if (!message)
        {
            return;
        }
        ulong token = thread->Word0;
        Xunit.Assert.True(_sent.TryGetValue(token, out ulong badge), $"message {token} was never sent to an endpoint");
        Xunit.Assert.Equal(badge, thread->Rdi);
        Xunit.Assert.True(_received.Add(token), $"message {token} was received twice");
    }

    private string Administer(uint by, uint choice)
    {
        Worker worker = _workers[(int)Take(ref choice, (uint)_workers.Count)];
        switch (Take(ref choice, 28))
        {
            case 24:
                uint steps = Take(ref choice, 2);
                World.OnThread(worker.Slot, ThreadOperation.SetSingleStep, steps, by: by);
                return $"single step {steps} of {worker.Slot}";
            case 25:
                uint index = Take(ref choice, 4);
                bool clears = Take(ref choice, 2) == 0;
                ThreadOperation operation = clears ? ThreadOperation.ClearBreakpoint : ThreadOperation.SetBreakpoint;
                World.OnThread(worker.Slot, operation, World.Pack(index, clears ? 0u : 0x100u), 0x5000, by: by);
                return $"{operation} {index} of {worker.Slot}";
            case 20 or 21:
                uint target = Take(ref choice, World.CpuCount);
                World.OnThread(worker.Slot, ThreadOperation.SetCpu, Control(ref choice, target), by: by);
                return $"move {worker.Slot} to {target}";
            case 22:
                uint priority = 9 + Take(ref choice, 4);
                World.OnThread(worker.Slot, ThreadOperation.SetPriority, priority, Control(ref choice, worker), by: by);
                return $"priority {priority} for {worker.Slot}";
            case 23:
                uint faults = Take(ref choice, 8);
                World.OnThread(worker.Slot, ThreadOperation.SetFaults, faults, by: by);
                return $"faults {faults} of {worker.Slot}";
            case 26:
                return TakeBack(by, ref choice);
            case 27:
                return Derive(by, ref choice);
            case < 5:
                World.OnThread(worker.Slot, ThreadOperation.Suspend, by: by);
                return $"suspend {worker.Slot}";
            case < 12:
                World.OnThread(worker.Slot, ThreadOperation.Resume, by: by);
                return $"resume {worker.Slot}";
            case 12:
                World.OnThread(worker.Slot, ThreadOperation.SetReply, Pick(ref choice, _replies), by: by);
                return $"set reply of {worker.Slot}";
            case 13 or 14:
                uint context = Take(ref choice, 2) == 0 ? 0 : Pick(ref choice, _contexts);
                World.OnThread(
                    worker.Slot,
                    ThreadOperation.SetScheduling,
                    World.Pack(10 + Take(ref choice, 3), context),
                    Control(ref choice, worker),
                    by: by
                );
                return $"set scheduling of {worker.Slot} to {context}";
            case 15:
                World.OnThread(
                    worker.Slot,
                    ThreadOperation.BindNotification,
                    Take(ref choice, 3) == 0 ? 0 : Pick(ref choice, _notifications),
                    by: by
                );
                return $"bind a notification to {worker.Slot}";
            case 16 or 17:
                uint configured = Pick(ref choice, _contexts);
                (ulong budget, ulong period) = Configurations[(int)Take(ref choice, (uint)Configurations.Count)];
                uint of = Control(ref choice, Take(ref choice, World.CpuCount));
                World.Invoke(by, configured, (ulong)SchedContextOperation.Configure, budget, period, of);
                return $"configure {configured} with {budget} in {period}";
            case 18:
                return Delete(by, choice);
            default:
                World.Serve(by);
                return "interrupt";
        }
    }

    /// <summary>
    /// Of a CPU: mostly the kernel's own; or one of four that are derived from it, the last from the third, if it is there.
    /// </summary>
    private uint Control(ref uint choice, uint cpu) =>
        Take(ref choice, 2) == 0 ? World.FirstSchedControl + cpu : _controls[(int)(4 * cpu + Take(ref choice, 4))];

    private uint Control(ref uint choice, Worker worker) =>
        World.Slot(worker.Slot)->IsEmpty ? 0 : Control(ref choice, World.ThreadAt(worker.Slot)->Cpu);

    private string TakeBack(uint by, ref uint choice)
    {
        uint control = Pick(ref choice, _controls);
        bool deletes = Take(ref choice, 2) == 0;
        Status status = deletes ? World.Delete(control, by) : World.Revoke(control, by);
        return $"{(deletes ? "delete" : "revoke")} control {control}: {status}";
    }

    private string Derive(uint by, ref uint choice)
    {
        uint index = Take(ref choice, (uint)_controls.Count);
        uint from = index % 4 == 3 ? _controls[(int)index - 1] : World.FirstSchedControl + index / 4;
        uint share = Take(ref choice, 2) == 0 ? SchedShare.Whole : Take(ref choice, SchedShare.Whole);
        ulong limits = World.Pack(10 + Take(ref choice, 4), share);
        ulong into = World.Pack(0, _controls[(int)index]);
        Status status = World.Invoke(by, from, (ulong)SchedControlOperation.Derive, into, limits);
        return $"derive control {_controls[(int)index]}, {share}: {status}";
    }

    private string Delete(uint by, uint choice)
    {
        uint slot = Take(ref choice, 6) switch
        {
            0 => Pick(ref choice, _endpoints),
            1 => Pick(ref choice, _badged),
            2 => Pick(ref choice, _replies),
            3 => Pick(ref choice, _contexts),
            4 => Pick(ref choice, _notifications),
            _ => _workers[(int)Take(ref choice, (uint)_workers.Count)].Slot,
        };
        ObjectType type = World.Slot(slot)->Type;
        World.Revoke(slot, by);
        World.Delete(slot, by);
        return $"delete {slot}, {type}";
    }
}
