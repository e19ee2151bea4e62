using System.Runtime;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// Signal that wakes a better thread of this CPU: it runs at once, and the caller is the first of its priority. The entry
/// stub asks here when <see cref="FastSignals"/> declined, so that a signal that wakes nobody does not read the time.
/// </summary>
internal static unsafe class FastWakes
{
    /// <summary>The stub has put the registers that the caller keeps into its object.</summary>
    /// <param name="notification">Where somebody waits who is better than the caller, and so than all who are ready.</param>
    /// <param name="cpu">This CPU, in whose Badge the bits are.</param>
    /// <param name="thread">Its current thread.</param>
    /// <param name="now">The time-stamp counter.</param>
    /// <returns>Who runs next; null: the slow path, nothing has changed.</returns>
    [RuntimeExport(EntryPoints.FastWakesSignalBetter)]
    private static Thread* SignalBetter(Notification* notification, Cpu* cpu, Thread* thread, ulong now)
    {
        Thread* waiter = notification->First;
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

        // Nothing can fail from here on.
        Wake(notification, cpu, waiter);
        waiter->Rdi = cpu->Badge;
        thread->Rax = (ulong)Status.Ok;
        thread->Rdi = 0;
        cpu->FastSignals = cpu->FastSignals + 1;
        Preempt(cpu, thread, waiter, context, now);
        return waiter;
    }

    /// <summary>The first of those who wait takes the bits, which the caller puts into its Rdi.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wake(Notification* notification, Cpu* cpu, Thread* waiter)
    {
        notification->RemoveFirst(cpu, waiter);
        waiter->Info = 0;
    }

    /// <summary>The current thread is the first of its priority, a better one runs, on a context that has time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Preempt(Cpu* cpu, Thread* thread, Thread* better, SchedContext* context, ulong now)
    {
        Timekeeping.Switch(cpu, thread, context, now);
        better->SchedContext = null;
        thread->State = ThreadState.Ready;
        cpu->Current = better;
        ReadyQueues.BecomeForemost(cpu, thread, thread->Rank);
    }
}
