using System;
using Skerry.Kernel;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Threads that run in user mode, of which their objects say nothing (RunningThread).</summary>
internal sealed unsafe partial class World
{
    /// <summary>CPUs that stand still, from their interrupt until it ends.</summary>
    private uint _stands;

    /// <summary>
    /// Whether it is as on the machine: of who runs, only what the short ways out of the kernel left is written down. Tests
    /// that look at threads have it written down at once.
    /// </summary>
    public bool HidesRunning { get; init; }

    /// <summary>The interrupt by which a CPU is asked to stand still writes down what it interrupts; one in the kernel has done so.</summary>
    private void Stand(uint cpu)
    {
        if (cpu != _waits && (_stands >> (int)cpu & 1) == 0)
        {
            _stands |= 1u << (int)cpu;
            Enter(cpu);
        }
    }

    /// <summary>While all CPUs stand still, as for the checked kernel's check.</summary>
    public T WhileShown<T>(Func<T> look)
    {
        if (!HidesRunning)
        {
            return look();
        }
        var hidden = new (ThreadState State, nint Holder)[CpuCount];
        for (uint i = 0; i < CpuCount; i++)
        {
            Cpu* cpu = Cpu(i);
            if (cpu->Current != null)
            {
                hidden[i] = (cpu->Current->State, (nint)cpu->Charged->Holder);
                RunningThread.WriteDown(cpu);
            }
        }
        T seen = look();
        for (uint i = 0; i < CpuCount; i++)
        {
            Cpu* cpu = Cpu(i);
            if (cpu->Current != null)
            {
                RunningThread.TakeBack(cpu->Current);
                cpu->Current->State = hidden[i].State;
                cpu->Charged->Holder = (Thread*)hidden[i].Holder;
            }
        }
        return seen;
    }
}
