using System.Runtime;
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
    /// <summary>
    /// Answers who runs next; null: the slow path, nothing has changed. The stub has put the registers that the caller keeps
    /// into its object.
    /// </summary>
    /// <param name="notification">Where somebody waits who is better than the caller, and so than all who are ready.</param>
    /// <param name="cpu">This CPU, in whose Badge the bits are.</param>
    /// <param name="thread">Its current thread.</param>
    /// <param name="now">The time-stamp counter.</param>
    [RuntimeExport(EntryPoints.FastWakesSignalBetter)]
    private static Thread* SignalBetter(Notification* notification, Cpu* cpu, Thread* thread, ulong now)
    {
        Thread* waiter = notification->First;
        if ((waiter->Flags & ThreadFlags.Debugged) != 0)
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
        notification->RemoveFirst(cpu, waiter);
        Timekeeping.Switch(cpu, thread, context, now);
        waiter->SchedContext = null;
        waiter->Rax = (ulong)Status.Ok;
        waiter->Rdi = cpu->Badge;
        waiter->Info = 0;
        thread->Rax = (ulong)Status.Ok;
        thread->Rdi = 0;
        thread->State = ThreadState.Ready;
        cpu->FastSignals = cpu->FastSignals + 1;
        cpu->Current = waiter;
        ReadyQueues.Prepend(cpu, thread);
        return waiter;
    }
}
