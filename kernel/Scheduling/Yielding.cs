using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>The current thread gives the rest of its turn away: to its equals, or to one of them.</summary>
internal static unsafe class Yielding
{
    /// <summary>
    /// The current thread, which has time, goes behind its equals. If it has its own and shares it with them, all of them
    /// come before it now, so its next slice is a whole one.
    /// </summary>
    public static void Yield(Cpu* cpu)
    {
        Thread* current = cpu->Current;
        if (cpu->HighestReady < current->Rank)
        {
            // Nobody of the same priority is ready: the slice goes on, as the entry stub has it.
            return;
        }
        StepBack(cpu);
        SchedContext* context = current->SchedContext;
        if (context->Period == 0 && context->Owner == current)
        {
            Budgets.BeginTurn(context);
        }
    }

    /// <summary>
    /// The current thread goes behind its equals, with what is left of its slice, and the target is put before its own
    /// equals. If nothing is left the turn is over, and nobody has it: the next is whoever waits longest.
    /// </summary>
    public static void YieldTo(Cpu* cpu, Thread* target)
    {
        Thread* current = cpu->Current;
        Timekeeping.Charge(cpu);
        bool isOver = cpu->Current != current || !Readiness.MayRun(current);
        if (cpu->Current == current)
        {
            StepBack(cpu);
        }
        if (isOver)
        {
            return;
        }
        ReadyQueues.Remove(cpu, target);
        ReadyQueues.Prepend(cpu, target);
    }

    private static void StepBack(Cpu* cpu)
    {
        Thread* current = cpu->Current;
        cpu->Current = null;
        Timekeeping.Charge(cpu);
        current->State = ThreadState.Ready;
        if (Readiness.MayRun(current))
        {
            ReadyQueues.Append(cpu, current);
        }
        else
        {
            Readiness.AwaitTime(cpu, current);
        }
    }
}
