using System.Reflection;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Tests.Host.Kernel;

/// <summary>What the entry stubs do: system calls, faults and interrupts of a CPU, whose current thread the test plays.</summary>
internal sealed unsafe partial class World
{
    private static readonly delegate* <Cpu*, Thread*> _slow = (delegate* <Cpu*, Thread*>)Entry(
        typeof(SystemCalls),
        "Enter"
    );

    private static readonly delegate* <ulong, ulong, Cpu*, Thread*, FastpathResult> _fastCall = (delegate* <
        ulong,
        ulong,
        Cpu*,
        Thread*,
        FastpathResult>)Entry(typeof(Fastpath), "Call");

    private static readonly delegate* <ulong, ulong, Cpu*, Thread*, FastpathResult> _fastReplyRecv = (delegate* <
        ulong,
        ulong,
        Cpu*,
        Thread*,
        FastpathResult>)Entry(typeof(Fastpath), "ReplyRecv");

    /// <summary>How many calls the fastpath took.</summary>
    public int FastCalls { get; private set; }

    /// <summary>Off: every call takes the slow path, which must come to the same.</summary>
    public bool UseFastpath { get; set; } = true;

    private static nint Entry(System.Type type, string name) =>
        type.GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MethodHandle.GetFunctionPointer();

    /// <summary>The current thread of the CPU makes a system call. Answers who runs then; null: the CPU idles.</summary>
    public Thread* Call(
        uint cpu,
        SystemCall call,
        ulong slot,
        ulong info = 0,
        ulong w0 = 0,
        ulong w1 = 0,
        ulong w2 = 0,
        ulong w3 = 0
    )
    {
        Thread* thread = Cpu(cpu)->Current;
        if (UseFastpath && call <= SystemCall.ReplyRecv)
        {
            FastpathResult result =
                call == SystemCall.Call
                    ? _fastCall(slot, info, Cpu(cpu), thread)
                    : _fastReplyRecv(slot, info, Cpu(cpu), thread);
            if (result.Resume != null)
            {
                FastCalls++;
                Load(result.Resume, (ulong)Status.Ok, result.Badge, info, w0, w1, w2, w3);
                Cpu(cpu)->CurrentRoot = result.Resume->Root;
                return result.Resume;
            }
        }
        Load(thread, (ulong)call, slot, info, w0, w1, w2, w3);
        return Leaving(cpu, _slow);
    }

    private static void Load(Thread* thread, ulong rax, ulong rdi, ulong rsi, ulong w0, ulong w1, ulong w2, ulong w3)
    {
        thread->Rax = rax;
        thread->Rdi = rdi;
        thread->Rsi = rsi;
        thread->Rdx = w0;
        thread->R8 = w1;
        thread->R9 = w2;
        thread->R10 = w3;
    }

    private Thread* Leaving(uint cpu, delegate* <Cpu*, Thread*> path)
    {
        try
        {
            Thread* next = path(Cpu(cpu));
            // Resumed with all its registers.
            next->Flags &= ~ThreadFlags.FullFrame;
            return next;
        }
        catch (IdleException)
        {
            return null;
        }
    }

    public Thread* Choose(uint cpu) => Leaving(cpu, &Scheduler.Choose);

    /// <summary>The interrupt that tells a CPU of its request lists.</summary>
    public Thread* Serve(uint cpu)
    {
        Requests.Serve(Cpu(cpu));
        return Choose(cpu);
    }

    public Thread* Tick(uint cpu)
    {
        Timekeeping.Tick(Cpu(cpu));
        return Choose(cpu);
    }

    public Thread* Fault(uint cpu, ulong address, FaultAccess access = FaultAccess.User)
    {
        try
        {
            return Faults.Deliver(Cpu(cpu), Cpu(cpu)->Current, FaultLabel.Page, address, (ulong)access);
        }
        catch (IdleException)
        {
            return null;
        }
    }

    /// <summary>The operator of the CPU becomes its current thread.</summary>
    public void Operate(uint cpu)
    {
        Scheduler.MakeReady(Cpu(cpu), _operators[cpu]);
        Choose(cpu);
    }

    /// <summary>And is nothing any more, so that others run.</summary>
    public void Rest(uint cpu)
    {
        Scheduler.Unready(Cpu(cpu), _operators[cpu]);
        _operators[cpu]->State = ThreadState.Inactive;
        Choose(cpu);
    }

    /// <summary>One invocation by a CPU's operator, made again as often as the kernel asks for it.</summary>
    public Status Invoke(uint cpu, uint slot, ulong operation, ulong w0 = 0, ulong w1 = 0, ulong w2 = 0, ulong w3 = 0)
    {
        Thread* actor = _operators[cpu];
        bool rests = Cpu(cpu)->Current != actor;
        if (rests)
        {
            Operate(cpu);
        }
        Restarts = -1;
        const ulong here = 0x1000;
        do
        {
            actor->Rip = here;
            Restarts++;
            Call(cpu, SystemCall.Invoke, slot, MessageInfo.Of(operation, 4).Value, w0, w1, w2, w3);
        } while (actor->Rip != here);
        var status = (Status)actor->Rax;
        if (rests && Cpu(cpu)->Current == actor)
        {
            Rest(cpu);
        }
        LeaveRendezvous(cpu);
        return status;
    }

    /// <summary>CPUs that stood still meanwhile did so in an interrupt, at whose end they choose anew.</summary>
    private void LeaveRendezvous(uint by)
    {
        for (uint i = 0; i < CpuCount; i++)
        {
            bool stood = LocalApic.Sent.Contains((Cpu(i)->ApicId, Vectors.Rendezvous));
            if (stood && i != by)
            {
                Choose(i);
            }
        }
        LocalApic.Sent.RemoveAll(sent => sent.Vector == Vectors.Rendezvous);
    }

    /// <summary>How often the last invocation was made again for an interrupt.</summary>
    public int Restarts { get; private set; }

    public static ulong Pack(uint low, uint high) => low | ((ulong)high << 32);
}
