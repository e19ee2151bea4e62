using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Tests.Host.Kernel;

/// <summary>What the entry stubs do: system calls of a CPU, whose current thread the test plays.</summary>
internal sealed unsafe partial class World
{
    /// <summary>The current thread of the CPU makes a system call.</summary>
    /// <returns>Who runs then; null: the CPU idles.</returns>
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
        Load(thread, (ulong)call, slot, info, w0, w1, w2, w3);
        RunningThread.TakeBack(thread);
        bool hasFastDoor = Cpu(cpu)->DebugOwner == null;
        ulong entries = Entries(Cpu(cpu));
        try
        {
            if (UseFastpath && hasFastDoor && TakeFastpath(Cpu(cpu), thread, call))
            {
                Xunit.Assert.Equal(entries + 1, Entries(Cpu(cpu)));
                FastCalls++;
                Show(cpu);
                return Cpu(cpu)->Current;
            }
        }
        catch (IdleException)
        {
            return null;
        }
        Xunit.Assert.Equal(entries, Entries(Cpu(cpu)));
        return UseFastpath && hasFastDoor ? Crossing(cpu, thread, call) : Leaving(cpu, _slow);
    }

    /// <summary>The current thread of the CPU makes one invocation.</summary>
    /// <returns>What it is told, or would be when it runs again.</returns>
    public Status InvokeByCurrent(
        uint cpu,
        ulong slot,
        ulong operation,
        ulong w0 = 0,
        ulong w1 = 0,
        ulong w2 = 0,
        ulong w3 = 0
    )
    {
        Thread* by = Cpu(cpu)->Current;
        Call(cpu, SystemCall.Invoke, slot, MessageInfo.Of(operation, 4).Value, w0, w1, w2, w3);
        return (Status)by->Rax;
    }

    /// <summary>How often the CPU entered its kernel, as ReadCounters tells it.</summary>
    public static ulong Entries(Cpu* cpu) => _counter(cpu, (ulong)CpuCounter.Entries);

    private static void Load(Thread* thread, ulong rax, ulong rdi, ulong info, ulong w0, ulong w1, ulong w2, ulong w3)
    {
        thread->Rax = rax;
        thread->Rdi = rdi;
        thread->Info = info;
        thread->Word0 = w0;
        thread->Word1 = w1;
        thread->Word2 = w2;
        thread->Word3 = w3;
    }

    /// <summary>On the way out: so that a test finds the current thread as the kernel does.</summary>
    private void Show(uint cpu)
    {
        if (!HidesRunning)
        {
            WriteDown(cpu);
        }
    }

    /// <summary>On the way in of what leaves all registers as they are.</summary>
    private void Enter(uint cpu)
    {
        if (HidesRunning)
        {
            WriteDown(cpu);
        }
    }

    /// <summary>What follows from the current thread's running.</summary>
    private void WriteDown(uint cpu)
    {
        if (Cpu(cpu)->Current != null)
        {
            RunningThread.WriteDown(Cpu(cpu));
        }
    }

    private Thread* Leaving(uint cpu, delegate* <Cpu*, Thread*> path)
    {
        try
        {
            Thread* next = path(Cpu(cpu));
            // Resumed with all its registers.
            next->Flags &= ~ThreadFlags.FullFrame;
            Show(cpu);
            return next;
        }
        catch (IdleException)
        {
            return null;
        }
    }

    public Thread* Choose(uint cpu)
    {
        Enter(cpu);
        return Leaving(cpu, &Scheduler.ChooseUnlessParked);
    }

    /// <summary>The interrupt that tells a CPU of its request lists.</summary>
    public Thread* Serve(uint cpu)
    {
        if (UseFastpath && Cpu(cpu)->Current == null)
        {
            Thread* next = CrossArrivals.TakeOnly(Cpu(cpu));
            if (Note("Arrival", next != null))
            {
                next->Flags &= ~ThreadFlags.FullFrame;
                Show(cpu);
                return next;
            }
        }
        Enter(cpu);
        Requests.Received(Cpu(cpu));
        return Leaving(cpu, &Scheduler.ChooseUnlessParked);
    }
}
