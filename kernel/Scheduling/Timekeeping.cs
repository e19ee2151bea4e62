using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// What runs is charged, once; what has used its budget up waits for its refill. The timer comes no later than the nearer
/// of the end of the budget and the next refill, and not at all on a CPU that idles without one to wait for. Per CPU.
/// </summary>
/// <remarks>
/// The slice that runs is charged whenever something else begins to run, the timer comes, or its context changes or goes
/// elsewhere: nothing but <see cref="Settle"/> and <see cref="StartAt"/> ends a slice, or, where no budget ends,
/// <see cref="Switch"/>, FastSignals.Wait and CrossCalls.StopCharging, and each charges it. A switch sets the timer
/// only if it is to come earlier than it would: one that comes early finds nothing to do and is set anew. So, in user
/// mode and on the fastpaths, a timer that is not due says that what is charged has time left. When a budget comes
/// back: <see cref="Budgets"/>.
/// </remarks>
internal static unsafe class Timekeeping
{
    /// <summary>TSC ticks in a second, as bootstrap measured them.</summary>
    public static ulong TscHertz;

    /// <summary>Refills in one timer interrupt; for those that are due beyond it comes back at once.</summary>
    private const int MostRefills = 16;

    /// <summary>
    /// Whole seconds apart, so that nothing overflows up to an hour; at least one tick for what is not nothing.
    /// </summary>
    public static ulong ToTicks(ulong microseconds)
    {
        ulong ticks = microseconds / 1_000_000 * TscHertz + microseconds % 1_000_000 * TscHertz / 1_000_000;
        return ticks == 0 && microseconds != 0 ? 1 : ticks;
    }

    /// <summary>From now on this context's time runs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Start(Cpu* cpu, SchedContext* context) => StartAt(cpu, context, Hardware.ReadTimeStampCounter());

    /// <summary>
    /// The current thread's context is used up, and an interrupt strikes before its next instruction: what passes until then
    /// is its time still, beyond the budget.
    /// </summary>
    public static void StartEnded(Cpu* cpu, SchedContext* context)
    {
        EndWait(cpu, context);
        Start(cpu, context);
    }

    /// <summary>The slow paths' switch: it calls nothing, so it needs no stack.</summary>
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
        if (now + context->Remaining <= cpu->LastTick)
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
        if (remaining == 0)
        {
            return false;
        }
        if (now + remaining <= cpu->LastTick)
        {
            return false;
        }
        if (now - cpu->ChargedSince >= cpu->Charged->Remaining)
        {
            return false;
        }
        return true;
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

    /// <summary>
    /// The last context's time was up, or another CPU of the cluster, whose clock is ahead, has charged it. Not inlined, so
    /// that the other way stays short.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StartAfterEnd(Cpu* cpu, SchedContext* context, ulong now)
    {
        Settle(cpu, now);
        cpu->Charged = context;
        cpu->ChargedSince = now;
        cpu->TimerIsStale = true;
    }

    /// <summary>What runs is charged up to now, and goes on being charged if it has time left.</summary>
    public static void Charge(Cpu* cpu) => Settle(cpu, Hardware.ReadTimeStampCounter());

    /// <summary>Nothing runs: only refills still need the timer.</summary>
    public static void Stop(Cpu* cpu)
    {
        Settle(cpu, Hardware.ReadTimeStampCounter());
        cpu->Charged = null;
    }

    /// <summary>TSC ticks that ran on a context up to now, the slice that runs included. Its CPU stands still.</summary>
    public static ulong Consumed(Cpu* home, SchedContext* context)
    {
        ulong now = Hardware.ReadTimeStampCounter();
        bool runs = home->Charged == context && now > home->ChargedSince;
        return context->Consumed + (runs ? now - home->ChargedSince : 0);
    }

    /// <summary>
    /// The context goes to another CPU, or to nobody. The thread that had it does not say so any more, or is no longer the
    /// current one.
    /// </summary>
    public static void Leave(Cpu* cpu, SchedContext* context)
    {
        if (cpu->Charged == context)
        {
            Stop(cpu);
        }
        EndWait(cpu, context);
    }

    /// <summary>Nobody waits for the refill, so that nobody is interrupted for it; it is due when it was.</summary>
    public static void EndWait(Cpu* cpu, SchedContext* context)
    {
        if (context != null && context->Rank != 0)
        {
            RefillQueue.Remove(cpu, context);
        }
    }

    /// <summary>A thread of this CPU came here, or became ready, with nothing left: its context waits here.</summary>
    public static void AwaitRefill(Cpu* cpu, SchedContext* context)
    {
        if (context == null || context->Remaining != 0 || context->Budget == 0)
        {
            return;
        }
        if (cpu->Charged == context)
        {
            // It went on for a moment (StartEnded). What is charged moves its refill, so none that stands in the queue is.
            Stop(cpu);
        }
        Enqueue(cpu, context);
    }

    private static void Enqueue(Cpu* cpu, SchedContext* context)
    {
        if (context->Remaining == 0 && context->Budget != 0 && context->Rank == 0)
        {
            RefillQueue.Add(cpu, context);
            cpu->TimerIsStale = true;
        }
    }

    /// <summary>A new budget and period. The context's CPU stands still.</summary>
    /// <param name="home">The CPU.</param>
    /// <param name="context">The context.</param>
    /// <param name="budget">TSC ticks, not 0.</param>
    /// <param name="period">TSC ticks, at least the budget, or 0.</param>
    /// <param name="isNewShare">It begins with nothing: the first budget comes when period less budget is over.</param>
    public static void Configure(Cpu* home, SchedContext* context, ulong budget, ulong period, bool isNewShare)
    {
        ulong now = Hardware.ReadTimeStampCounter();
        if (home->Charged == context)
        {
            Settle(home, now);
        }
        EndWait(home, context);
        bool isUsedUp = Budgets.Change(context, budget, period, now);
        if (isNewShare)
        {
            Budgets.BeginEmpty(context, now);
        }
        Thread* holder = context->Holder;
        if (holder == null)
        {
            return;
        }
        Ipc.Notifications.AskOf(holder);
        home->TimerIsStale = true;
        if (context->Remaining == 0)
        {
            home->Charged = home->Charged == context ? null : home->Charged;
            // So that who looks for the best thread that is ready meets none that may not run.
            Readiness.Dequeue(home, holder);
            if (IsWaitedFor(context))
            {
                Enqueue(home, context);
            }
        }
        if (isUsedUp)
        {
            Turns.End(home, context);
        }
        WakeIfReady(home, holder);
    }

    /// <summary>
    /// Whether a thread waits for its refill. One that runs does when it finds out on its way out of the kernel, one that
    /// waits for something else when it is ready.
    /// </summary>
    private static bool IsWaitedFor(SchedContext* context) =>
        context->Holder != null && context->Holder->State == Abi.ThreadState.Ready;

    /// <summary>
    /// The control that its time was drawn from went: whoever runs on it stops, and no refill comes. What was used is
    /// remembered, in case it is configured anew.
    /// </summary>
    public static void LoseTime(Cpu* cpu, SchedContext* context)
    {
        Cpu* home = context->Holder == null ? cpu : ClusterCpus.At(context->Holder->Cpu);
        Rendezvous.Hold(cpu, home);
        // Once more: it may have been lent to another thread there meanwhile.
        Thread* holder = context->Holder;
        Leave(home, context);
        Budgets.Lose(context, Hardware.ReadTimeStampCounter());
        if (holder != null)
        {
            Readiness.LoseTime(home, holder);
        }
        Rendezvous.Release(cpu, home);
    }

    /// <summary>The slice that runs is charged up to now, and begins anew; a budget that is used up ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Settle(Cpu* cpu, ulong now)
    {
        SchedContext* context = cpu->Charged;
        if (context == null || now <= cpu->ChargedSince)
        {
            return;
        }
        ulong used = now - cpu->ChargedSince;
        ulong remaining = context->Remaining;
        cpu->ChargedSince = now;
        context->Consumed += used;
        if (used < remaining)
        {
            context->Remaining = remaining - used;
            return;
        }
        EndBudget(cpu, context, now, used - remaining);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndBudget(Cpu* cpu, SchedContext* context, ulong now, ulong overrun)
    {
        if (context->Period == 0 && context->Budget != 0)
        {
            Budgets.BeginTurn(context);
            cpu->TimerIsStale = true;
        }
        else
        {
            if (context->Remaining == 0)
            {
                Budgets.Exceed(context, overrun);
            }
            else
            {
                Budgets.End(context, now, overrun);
            }
            cpu->Charged = null;
            if (IsWaitedFor(context))
            {
                Enqueue(cpu, context);
            }
        }
        Turns.End(cpu, context);
    }

    /// <summary>The timer interrupt; whoever leaves the kernel chooses anew.</summary>
    public static void Tick(Cpu* cpu)
    {
        ulong now = Hardware.ReadTimeStampCounter();
        Settle(cpu, now);
        if (cpu->Current != null)
        {
            // Its budget may be due again at once.
            AwaitRefill(cpu, cpu->Current->SchedContext);
        }
        Refill(cpu, now);
        cpu->TimerSetFor = DeadlineTimer.Never;
        cpu->TimerIsStale = true;
    }

    private static void Refill(Cpu* cpu, ulong now)
    {
        for (int i = 0; i < MostRefills && cpu->Refills != null && cpu->Refills->RefillAt <= now; i++)
        {
            SchedContext* context = cpu->Refills;
            RefillQueue.Remove(cpu, context);
            Budgets.ComeBack(context);
            Thread* holder = context->Holder;
            if (holder == null)
            {
                continue;
            }
            WakeIfReady(cpu, holder);
            if (holder == cpu->Current)
            {
                // The budget is as long as the period.
                Turns.GiveWay(cpu, holder);
            }
        }
    }

    /// <summary>A thread that waited for time has some.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WakeIfReady(Cpu* cpu, Thread* holder)
    {
        const ThreadFlags inList = ThreadFlags.Queued | ThreadFlags.Handed;
        bool isInNone = (holder->Flags & inList) == 0 && holder != cpu->Foremost;
        if (holder->State == Abi.ThreadState.Ready && isInNone)
        {
            Readiness.MakeReady(cpu, holder);
        }
    }

    /// <summary>
    /// On the way out of the kernel, if the timer is stale. Not before: what changes may be another CPU's, and each can
    /// set its own timer alone.
    /// </summary>
    public static void SetTimer(Cpu* cpu) => SetTimerAt(cpu, Hardware.ReadTimeStampCounter());

    /// <summary>On a CPU that charges nothing: from now on this context's time runs, and its end brings the timer.</summary>
    public static void StartFromIdle(Cpu* cpu, SchedContext* context, ulong now)
    {
        cpu->Charged = context;
        cpu->ChargedSince = now;
        SetTimerAt(cpu, now);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetTimerAt(Cpu* cpu, ulong now)
    {
        cpu->TimerIsStale = false;
        ulong due = cpu->Refills != null ? cpu->Refills->RefillAt : DeadlineTimer.Never;
        if (cpu->Charged != null && cpu->ChargedSince + cpu->Charged->Remaining < due)
        {
            due = cpu->ChargedSince + cpu->Charged->Remaining;
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
