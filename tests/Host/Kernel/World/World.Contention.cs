using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Calls while others wait for the lock, and what those who copy look for.</summary>
internal sealed unsafe partial class World
{
    private const ulong Here = 0x1000;

    /// <summary>
    /// The current thread of its CPU makes one call while others wait for the lock, so that it gives way behind its
    /// first step.
    /// </summary>
    /// <returns>Whether it is over; else it is to be made again, with the registers that it left.</returns>
    public bool CallAmongOthers(
        Thread* thread,
        SystemCall call,
        ulong slot,
        ulong info = 0,
        ulong w0 = 0,
        ulong w1 = 0,
        ulong w2 = 0,
        ulong w3 = 0
    )
    {
        Xunit.Assert.True(Cpu(thread->Cpu)->Current == thread);
        thread->Rip = Here;
        LocalApic.AsksUntilPending = 0;
        Call(thread->Cpu, call, slot, info, w0, w1, w2, w3);
        LocalApic.AsksUntilPending = -1;
        return thread->Rip == Here;
    }

    public bool InvokeAmongOthers(
        Thread* thread,
        ulong slot,
        ulong operation,
        ulong w0 = 0,
        ulong w1 = 0,
        ulong w2 = 0,
        ulong w3 = 0
    ) => CallAmongOthers(thread, SystemCall.Invoke, slot, MessageInfo.Of(operation, 4).Value, w0, w1, w2, w3);

    /// <summary>The thread, which is ready, runs on its CPU in place of an equal, as if that one's turn were over.</summary>
    public void SwitchTo(Thread* thread)
    {
        Cpu* cpu = Cpu(thread->Cpu);
        if (cpu->Current == thread)
        {
            return;
        }
        if (cpu->Current != null)
        {
            Readiness.Preempt(cpu, cpu->Current);
        }
        ReadyQueues.Remove(cpu, thread);
        ReadyQueues.Prepend(cpu, thread);
        Choose(thread->Cpu);
    }

    /// <summary>The first of these slots that is empty, or 0.</summary>
    public uint FirstEmpty(uint first, uint count)
    {
        for (uint slot = first; slot < first + count; slot++)
        {
            if (Slot(slot)->IsEmpty)
            {
                return slot;
            }
        }
        return 0;
    }

    /// <summary>The last of these slots that is not empty, or 0.</summary>
    public uint LastFull(uint first, uint count)
    {
        for (uint slot = first + count; slot > first; slot--)
        {
            if (!Slot(slot - 1)->IsEmpty)
            {
                return slot - 1;
            }
        }
        return 0;
    }

    /// <summary>So many slots with copies, and room for more behind them.</summary>
    public uint Copies(uint source, uint count, uint room = 0)
    {
        uint first = NewSlot(count + room);
        for (uint i = 0; i < count; i++)
        {
            Xunit.Assert.Equal(Status.Ok, Copy(first + i, source));
        }
        return first;
    }
}
