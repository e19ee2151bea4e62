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
internal sealed unsafe partial class IpcModel
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

    public IpcModel(uint cpus, bool fastpath, bool hides = false)
    {
        World = new World(cpus) { UseFastpath = fastpath, HidesRunning = hides };
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

    /// <returns>What was done.</returns>
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
            () =>
                meanwhile =
                    choice % 7 < 3
                        ? TakeTime(cpu, by, choice / 7 % 2 == 0, choice / 14 % 2 == 0)
                        : Administer(by, choice / 2),
            () => step = Act(cpu, choice)
        );
        return $"{step}, and while it waits: {meanwhile}";
    }

    /// <summary>What runs there, its own or lent by somebody.</summary>
    private string TakeTime(uint cpu, uint by, bool isLenders, bool deletes)
    {
        SchedContext* charged = World.Cpu(cpu)->Charged;
        Worker? worker = _workers.Find(worker => worker.Thread == World.Cpu(cpu)->Current);
        worker = isLenders ? _workers.Find(worker => charged != null && worker.Thread == charged->Owner) : worker;
        if (worker == null || World.Slot(worker.Slot)->IsEmpty)
        {
            return "nothing";
        }
        uint context = _contexts.Find(slot => World.Slot(slot)->Object == charged);
        if (deletes && context != 0)
        {
            World.Delete(context, by);
            return $"delete {context}";
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
        uint own = _contexts.Find(slot => World.Slot(slot)->Object == World.Cpu(cpu)->Charged);
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
}
