using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// Budgets: what runs is charged, what has used its budget up waits for its refill. The timer comes no later than the
/// nearer of the end of the budget and the next refill, and not at all on a CPU that idles without one to wait for. Per
/// CPU.
/// </summary>
/// <remarks>
/// A switch sets the timer only if it is to come earlier than it would: one that comes early finds nothing to do and is
/// set anew. A budget that is used up comes back a period after it began, as if it had been used in one piece: so no
/// window as long as the period sees more of it than the budget, however its use was spread (docs/decisions/0046).
/// </remarks>
internal static unsafe class Timekeeping
{
    /// <summary>TSC ticks in a second, as bootstrap measured them.</summary>
    public static ulong TscHertz;

    /// <summary>Whole seconds apart, so that nothing overflows.</summary>
    public static ulong ToTicks(ulong microseconds) =>
        microseconds / 1_000_000 * TscHertz + microseconds % 1_000_000 * TscHertz / 1_000_000;

    /// <summary>From now on this context's time runs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Start(Cpu* cpu, SchedContext* context) => StartAt(cpu, context, Hardware.ReadTimeStampCounter());

    /// <summary>Every switch between contexts comes here: it calls nothing, so it needs no stack.</summary>
    private static void StartAt(Cpu* cpu, SchedContext* context, ulong now)
    {
        SchedContext* last = cpu->Charged;
        if (last != null)
        {
            ulong used = now - cpu->ChargedSince;
            ulong remaining = last->Remaining;
            if (used >= remaining)
            {
                StartAfterEnd(cpu, context, now);
                return;
            }
            last->Consumed += used;
            last->Remaining = remaining - used;
        }
        cpu->Charged = context;
        cpu->ChargedSince = now;
        if (now + context->Remaining < cpu->TimerSetFor)
        {
            cpu->TimerIsStale = true;
        }
    }

    /// <summary>
    /// For the fastpaths: the context has time, its end needs no earlier timer, and that of the one charged now has not come.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool CanSwitch(Cpu* cpu, SchedContext* context, ulong now)
    {
        ulong remaining = Volatile.Read(ref context->Remaining);
        return remaining != 0
            && now + remaining >= cpu->TimerSetFor
            && now - cpu->ChargedSince < cpu->Charged->Remaining;
    }

    /// <summary>
    /// Where it can: the current thread no longer runs on the context that is charged, but keeps it; another one's time runs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Switch(Cpu* cpu, Thread* current, SchedContext* next, ulong now)
    {
        SchedContext* last = cpu->Charged;
        ulong used = now - cpu->ChargedSince;
        last->Remaining = Volatile.Read(ref last->Remaining) - used;
        last->Consumed = last->Consumed + used;
        last->Holder = current;
        current->SchedContext = last;
        cpu->ChargedSince = now;
        cpu->Charged = next;
    }

    /// <summary>The last context's time was up. Not inlined, so that the other way stays short.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StartAfterEnd(Cpu* cpu, SchedContext* context, ulong now)
    {
        Charge(cpu, now);
        cpu->Charged = context;
        cpu->ChargedSince = now;
        cpu->TimerIsStale = true;
    }

    /// <summary>Nothing runs: only refills still need the timer.</summary>
    public static void Stop(Cpu* cpu)
    {
        Charge(cpu, Hardware.ReadTimeStampCounter());
        cpu->Charged = null;
    }

    /// <summary>TSC ticks that ran on a context up to now, the slice that runs included. Its CPU stands still.</summary>
    public static ulong Consumed(Cpu* home, SchedContext* context)
    {
        ulong now = Hardware.ReadTimeStampCounter();
        bool runs = home->Charged == context && now > home->ChargedSince;
        return context->Consumed + (runs ? now - home->ChargedSince : 0);
    }

    /// <summary>The context goes to another CPU, or to nobody.</summary>
    public static void Leave(Cpu* cpu, SchedContext* context)
    {
        if (cpu->Charged == context)
        {
            Stop(cpu);
        }
        Forget(cpu, context);
    }

    /// <summary>A thread of this CPU came here, or became ready, with nothing left: its context waits here.</summary>
    public static void AwaitRefill(Cpu* cpu, SchedContext* context)
    {
        if (context == null || context->Remaining != 0)
        {
            return;
        }
        Forget(cpu, context);
        if (context->Budget != 0)
        {
            Enqueue(cpu, context);
        }
    }

    /// <summary>The control that its time was drawn from went: whoever runs on it stops, and no refill comes.</summary>
    public static void LoseTime(Cpu* cpu, SchedContext* context)
    {
        Cpu* home = context->Holder == null ? cpu : ClusterCpus.At(context->Holder->Cpu);
        Rendezvous.Hold(cpu, home);
        // Once more: it may have been lent to another thread there meanwhile.
        Thread* holder = context->Holder;
        Leave(home, context);
        context->Budget = 0;
        context->Period = 0;
        context->Remaining = 0;
        if (holder != null)
        {
            Scheduler.Dequeue(home, holder);
        }
        Rendezvous.Release(cpu, home);
    }

    private static void Charge(Cpu* cpu, ulong now)
    {
        SchedContext* context = cpu->Charged;
        if (context == null)
        {
            return;
        }
        ulong used = now - cpu->ChargedSince;
        cpu->ChargedSince = now;
        context->Consumed += used;
        ulong remaining = context->Remaining;
        if (used < remaining)
        {
            context->Remaining = remaining - used;
            return;
        }
        context->Remaining = 0;
        Exhaust(cpu, context, now);
    }

    private static void Exhaust(Cpu* cpu, SchedContext* context, ulong now)
    {
        if (context->Period == 0)
        {
            context->Remaining = context->Budget;
            RotateCurrent(cpu, context);
            return;
        }
        context->RefillAt =
            now + context->Period - (context->Budget < context->Period ? context->Budget : context->Period);
        Enqueue(cpu, context);
        cpu->Charged = null;
    }

    private static void Enqueue(Cpu* cpu, SchedContext* context)
    {
        SchedContext** link = &cpu->Refills;
        while (*link != null && (*link)->RefillAt <= context->RefillAt)
        {
            link = &(*link)->NextRefill;
        }
        context->NextRefill = *link;
        *link = context;
        cpu->TimerIsStale = true;
    }

    /// <summary>Behind its equals, if it runs on this context.</summary>
    private static void RotateCurrent(Cpu* cpu, SchedContext* context)
    {
        Thread* current = cpu->Current;
        if (current != null && current->SchedContext == context && cpu->HighestReady == current->Priority + 1u)
        {
            cpu->Current = null;
            cpu->Charged = null;
            Scheduler.MakeReady(cpu, current);
        }
    }

    /// <summary>The timer interrupt; whoever leaves the kernel chooses anew.</summary>
    public static void Tick(Cpu* cpu)
    {
        ulong now = Hardware.ReadTimeStampCounter();
        Charge(cpu, now);
        Refill(cpu, now);
        cpu->TimerSetFor = DeadlineTimer.Never;
        cpu->TimerIsStale = true;
    }

    private static void Refill(Cpu* cpu, ulong now)
    {
        while (cpu->Refills != null && cpu->Refills->RefillAt <= now)
        {
            SchedContext* context = cpu->Refills;
            cpu->Refills = context->NextRefill;
            context->NextRefill = null;
            context->RefillAt = 0;
            context->Remaining = context->Budget;
            Thread* holder = context->Holder;
            const ThreadFlags inList = ThreadFlags.Queued | ThreadFlags.Handed;
            bool waitsForTime =
                holder != null && holder->State == Abi.ThreadState.Ready && (holder->Flags & inList) == 0;
            if (waitsForTime)
            {
                Scheduler.MakeReady(cpu, holder);
            }
        }
    }

    /// <summary>Takes a context out of the list of those that wait, because it goes away or is configured anew.</summary>
    public static void Forget(Cpu* cpu, SchedContext* context)
    {
        if (cpu->Charged == context)
        {
            cpu->Charged = null;
        }
        for (SchedContext** link = &cpu->Refills; *link != null; link = &(*link)->NextRefill)
        {
            if (*link == context)
            {
                *link = context->NextRefill;
                context->NextRefill = null;
                return;
            }
        }
    }

    /// <summary>
    /// On the way out of the kernel, if the timer is stale. Not before: what changes may be another CPU's, and each can
    /// set its own timer alone.
    /// </summary>
    public static void SetTimer(Cpu* cpu)
    {
        cpu->TimerIsStale = false;
        ulong now = Hardware.ReadTimeStampCounter();
        ulong due = cpu->Refills != null ? cpu->Refills->RefillAt : DeadlineTimer.Never;
        if (cpu->Charged != null && now + cpu->Charged->Remaining < due)
        {
            due = now + cpu->Charged->Remaining;
        }
        if (due < cpu->TimerSetFor)
        {
            DeadlineTimer.Set(cpu, due, now);
        }
    }

    /// <summary>For an idle CPU: it is woken for the next refill, and for nothing that ran before.</summary>
    public static void SetIdleTimer(Cpu* cpu)
    {
        cpu->TimerIsStale = false;
        if (cpu->Refills != null)
        {
            DeadlineTimer.Set(cpu, cpu->Refills->RefillAt, Hardware.ReadTimeStampCounter());
        }
        else if (cpu->TimerSetFor != DeadlineTimer.Never)
        {
            DeadlineTimer.Stop(cpu);
        }
    }
}
