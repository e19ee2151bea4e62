using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;
using Skerry.Apps.KernelFuzz;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Whoever is the current thread of a CPU makes random but plausible system calls, the same as apps/kernelfuzz makes on the
/// machine; in between there are interrupts, faults and exceptions, time passes, and while one CPU waits for the cluster
/// lock another makes a call. All that follows from the seed.
/// </summary>
internal sealed unsafe class RandomCalls
{
    /// <summary>Where each call is made; the kernel sets it back for a call that is to be made again.</summary>
    private const ulong Here = 0x40_1000;
    private const ulong Again = Here - Threads.SystemCallInstructionBytes;

    private const int MostRemembered = 60;

    private static readonly SystemCall[] _meetingCalls =
    [
        SystemCall.Call,
        SystemCall.Call,
        SystemCall.ReplyRecv,
        SystemCall.ReplyRecv,
        SystemCall.Recv,
        SystemCall.Send,
        SystemCall.Signal,
        SystemCall.Wait,
    ];

    private const uint StepsToRestock = 100;

    private readonly RandomPlayground _playground;
    private readonly Queue<string> _trace = new();
    private ulong _state;

    public RandomCalls(uint cpus, bool fastpath, ulong seed)
    {
        _state = Draw.Mix(seed);
        Supervisor.Cpus = cpus;
        World = new World(cpus) { HidesRunning = true, UseFastpath = fastpath };
        _playground = new RandomPlayground(World);
    }

    public World World { get; }

    public uint[] Successes { get; } = new uint[Shapes.Count];

    /// <summary>The last steps, for a failure's text.</summary>
    public IEnumerable<string> Trace => _trace;

    private uint Below(uint bound) => Draw.Below(ref _state, bound);

    private bool Once(uint times) => Draw.Once(ref _state, times);

    public void Step()
    {
        if (Once(StepsToRestock))
        {
            Tell("restock");
            _playground.Restock(ref _state);
            return;
        }
        if (Once(20))
        {
            MoveLine();
        }
        Hardware.Clock += Once(20) ? Below(5_000_000) : Below(5_000);
        uint cpu = Below(World.CpuCount);
        if (World.Cpu(cpu)->Current == null && Once(2))
        {
            Tell($"help cpu {cpu}");
            _playground.Help(cpu, ref _state);
            return;
        }
        LocalApic.AsksUntilPending = Once(4) ? (int)Below(6) : -1;
        if (World.CpuCount > 1 && Once(8))
        {
            uint other = (cpu + 1 + Below(World.CpuCount - 1)) % World.CpuCount;
            Tell($"cpu {cpu} is about to wait for cpu {other}");
            World.WhileWaiting(cpu, () => Meanwhile(cpu, other), () => StepOf(cpu), Once(4));
        }
        else
        {
            StepOf(cpu);
        }
        LocalApic.AsksUntilPending = -1;
    }

    /// <summary>All goes, in use or not.</summary>
    /// <returns>What is left of it; nothing means all is well.</returns>
    public string End() => _playground.End();

    /// <summary>While a CPU waits for the lock another makes a call, or takes something away that is in use there.</summary>
    private void Meanwhile(uint cpu, uint other)
    {
        if (Once(3) && !World.Cpu(other)->Parked)
        {
            Tell($"cpu {other} takes something away on cpu {cpu}");
            _playground.TakeAway(cpu, other, ref _state);
        }
        else
        {
            StepOf(other);
        }
    }

    private void StepOf(uint cpu)
    {
        Thread* current = World.Cpu(cpu)->Current;
        if (current == null || Once(10))
        {
            Interrupt(cpu);
        }
        else if (current->Rip == Again)
        {
            Tell($"cpu {cpu}, {Name(current)}: once more {(SystemCall)current->Rax}");
            Make(cpu, current, current->Rax, current->Rdi, current->Info);
        }
        else if (Once(4))
        {
            Meet(cpu, current);
        }
        else
        {
            Act(cpu, current);
        }
    }

    private void Interrupt(uint cpu)
    {
        uint kind = Below(8);
        Tell($"cpu {cpu}: interrupt {kind}");
        switch (kind)
        {
            case < 5:
                World.Serve(cpu);
                break;
            default:
                World.Tick(cpu);
                break;
        }
    }

    /// <summary>Of a device, whose interrupt arrives at once if there is one.</summary>
    private void MoveLine()
    {
        uint line = Below(IoApicRegisters.FirstInputs);
        Tell($"line {line} moves");
        IoApicRegisters.SetLine(line, Once(2));
        World.DeliverInterrupts();
    }

    /// <summary>A message or a signal by one of few objects, mostly of this CPU, so that threads meet.</summary>
    private void Meet(uint cpu, Thread* current)
    {
        uint near = Once(4) ? Below(World.CpuCount) : cpu;
        SystemCall call = _meetingCalls[(int)Below((uint)_meetingCalls.Length)];
        ObjectType type = call is SystemCall.Signal or SystemCall.Wait ? ObjectType.Notification : ObjectType.Endpoint;
        ulong target = Layout.FirstSlot(type) + near;
        Tell($"cpu {cpu}, {Name(current)}: {call} at {target:x}");
        Make(cpu, current, (ulong)call, target, MessageInfo.Of(1, (int)Below(5)).Value);
    }

    private void Act(uint cpu, Thread* current)
    {
        uint index;
        Shape shape;
        do
        {
            index = Below(Shapes.Count);
            shape = Shapes.At(index);
        } while (Below(8) >= shape.Weight);
        if (index == Shapes.TouchIndex)
        {
            Strike(cpu);
            return;
        }
        var arguments = new Arguments(ref _state);
        ulong target = arguments.Target(shape.Type);
        current->Word0 = arguments.Word(shape.Word0);
        current->Word1 = arguments.Word(shape.Word1);
        current->Word2 = arguments.Word(shape.Word2);
        current->Word3 = arguments.Word(shape.Word3);
        ulong info =
            shape.Call == SystemCall.Invoke
                ? MessageInfo.Of(shape.Operation, MessageLimits.RegisterWords).Value
                : Information(current, ref arguments);
        ulong w0 = current->Word0;
        Tell(
            $"cpu {cpu}, {Name(current)}: {index} {shape.Call} {shape.Type} {shape.Operation} at {target:x}, {info:x} {w0:x} {current->Word1:x} {current->Word2:x} {current->Word3:x}"
        );
        Make(cpu, current, (ulong)shape.Call, target, info);
        if (current->Rip == Here && current->Rax == (ulong)Status.Ok)
        {
            Successes[index]++;
        }
    }

    private void Make(uint cpu, Thread* current, ulong call, ulong target, ulong info)
    {
        current->Rip = Here;
        World.Call(cpu, (SystemCall)call, target, info, current->Word0, current->Word1, current->Word2, current->Word3);
        World.LeaveRendezvous(cpu);
    }

    /// <summary>A page fault, or another exception.</summary>
    private void Strike(uint cpu)
    {
        uint kind = Below(8);
        Tell($"cpu {cpu}, {Name(World.Cpu(cpu)->Current)}: strikes {kind}");
        switch (kind)
        {
            case < 4:
                World.Fault(cpu, Layout.Touched + Below(64) * UserLayout.PageSize);
                break;
            case 4:
                World.Exception(cpu, 6);
                break;
            default:
                World.DebugException(cpu, Below(16) | ((ulong)Below(2) << 14));
                break;
        }
        World.LeaveRendezvous(cpu);
    }

    private ulong Information(Thread* current, ref Arguments arguments)
    {
        ulong label = Draw.Next(ref _state) >> 16;
        if (Once(32))
        {
            return Draw.Next(ref _state);
        }
        if (!Once(4) || current->Buffer == null)
        {
            return MessageInfo.Of(label, (int)Below(5)).Value;
        }
        int capabilities = (int)Below(4);
        for (int i = 0; i < capabilities; i++)
        {
            current->Buffer->SendSlots[i] = arguments.SlotOf(Layout.FirstType + Below(Layout.LastType));
        }
        current->Buffer->ReceiveSlot = arguments.SlotOf(Layout.FirstType + Below(Layout.LastType));
        current->Buffer->ReceiveCount = Below(4);
        return MessageInfo.Of(label, (int)Below(Once(8) ? 256u : 65u), capabilities).Value;
    }

    private void Tell(string step)
    {
        _trace.Enqueue(step);
        if (_trace.Count > MostRemembered)
        {
            _trace.Dequeue();
        }
    }

    private static string Name(Thread* thread) => $"{(ulong)thread & 0xff_ffff:x}";
}
