using System.Runtime;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Interrupts;

/// <summary>
/// The interrupt of a device, or the timer, that wakes a better thread than the one it interrupts: that one runs at once. The
/// trap door asks here when all registers are saved, and ends the interrupt at the local APIC if somebody is to run; what is
/// declined goes to Traps.FromUser as if nothing had been asked.
/// </summary>
/// <remarks>
/// Level-triggered lines are declined, since they are masked at an I/O APIC first; so are a handler that is not open, one
/// whose notification is another CPU's, bound, or waited at by nobody, and debugged threads.
/// </remarks>
internal static unsafe class FastInterrupts
{
    private const ulong NotificationType = (ulong)ObjectType.Notification << Capability.TypeShift;

    /// <param name="vector">Of the interrupt, or exception.</param>
    /// <param name="cpu">This CPU.</param>
    /// <param name="thread">Its current thread, whose registers are saved.</param>
    /// <param name="now">The time-stamp counter.</param>
    /// <returns>Who runs next; null: the slow path, nothing has changed.</returns>
    [RuntimeExport(EntryPoints.FastInterruptsReceived)]
    private static Thread* Received(ulong vector, Cpu* cpu, Thread* thread, ulong now)
    {
        ulong index = vector - Vectors.FirstDevice;
        if (index >= Vectors.DeviceCount)
        {
            return null;
        }
        if (cpu->Parked)
        {
            return null;
        }
        if (cpu->DebugOwner != null)
        {
            return null;
        }
        IrqHandler* handler = cpu->Irqs + index;
        if ((handler->Flags & (byte)InterruptFlags.Level) != 0)
        {
            return null;
        }
        // A slot's word and its data, which another CPU may change: the same word before and after means that they belong
        // together (Capability). The notification's memory is not used again before this CPU has left the kernel.
        var slot = (ulong*)&handler->Binding;
        ulong word = Volatile.Read(ref slot[0]);
        if ((word & Capability.TypeField) != NotificationType)
        {
            return null;
        }
        ulong bits = Volatile.Read(ref slot[1]);
        if (Volatile.Read(ref slot[0]) != word)
        {
            return null;
        }
        var notification = (Notification*)Capability.ObjectOf(word);
        if ((notification->Word | Notification.IsPrepared) != (ulong)cpu + Notification.HasPrepared)
        {
            return null;
        }
        Thread* waiter = notification->First;
        if (waiter->Rank <= thread->Rank)
        {
            return null;
        }
        if ((waiter->Flags & ThreadFlags.LeftToSlowly) != 0)
        {
            return null;
        }
        SchedContext* context = waiter->SchedContext;
        if (context == null)
        {
            return null;
        }
        if (!Timekeeping.CanSwitch(cpu, context, now))
        {
            return null;
        }
        const uint open = (uint)IrqState.Open;
        // Another CPU may close it at this moment.
        if (Interlocked.CompareExchange(ref handler->State, open + 1, open) != open)
        {
            return null;
        }

        // Nothing can fail from here on.
        cpu->Count(CpuCounter.DeviceInterrupts);
        FastWakes.Wake(notification, cpu, waiter);
        waiter->Rdi = bits;
        FastWakes.Preempt(cpu, thread, waiter, context, now);
        return waiter;
    }

    /// <summary>The timer, which brings a refill to a better thread that waited for it.</summary>
    /// <param name="cpu">This CPU.</param>
    /// <param name="thread">Its current thread, whose registers are saved.</param>
    /// <param name="now">The time-stamp counter.</param>
    /// <returns>That thread; null: the slow path, nothing has changed.</returns>
    [RuntimeExport(EntryPoints.FastInterruptsTimer)]
    private static Thread* Timer(Cpu* cpu, Thread* thread, ulong now)
    {
        SchedContext* due = cpu->Refills;
        if (due == null || due->RefillAt > now || !Budgets.OwesLittle(due))
        {
            return null;
        }
        if (due->Left != null)
        {
            // Others wait too: the queue is put in order by the slow path.
            return null;
        }
        Thread* holder = due->Holder;
        const ThreadFlags elsewhere = ThreadFlags.Queued | ThreadFlags.Handed | ThreadFlags.LeftToSlowly;
        if (
            holder == null
            || holder->State != ThreadState.Ready
            || (holder->Flags & elsewhere) != 0
            || holder == cpu->Foremost
        )
        {
            return null;
        }
        bool isBetter = holder->Rank > thread->Rank && holder->Root != 0;
        bool isPlain = !cpu->Parked && cpu->DebugOwner == null;
        if (!isBetter || !isPlain || now - cpu->ChargedSince >= cpu->Charged->Remaining)
        {
            return null;
        }

        // Nothing can fail from here on.
        cpu->Count(CpuCounter.TimerInterrupts);
        RefillQueue.RemoveOnly(cpu, due);
        Budgets.ComeBackInTime(due);
        FastWakes.Preempt(cpu, thread, holder, due, now);
        DeadlineTimer.Set(cpu, now + due->Remaining, now);
        return holder;
    }
}
