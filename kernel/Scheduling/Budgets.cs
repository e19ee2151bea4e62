using System.Runtime.CompilerServices;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// When a budget that is used up comes back, how much of it, and what becomes of it when it is configured anew
/// (docs/decisions/0060). Arithmetic on one context, which stands in no queue.
/// </summary>
/// <remarks>
/// Nothing here overflows: budgets and periods are an hour at most, at most <see cref="MostOwed"/> periods are added to the
/// time-stamp counter, and that does not come to its end within ten years of a reset (Intel SDM vol. 3B, 18.17).
/// </remarks>
internal static unsafe class Budgets
{
    /// <summary>
    /// TSC ticks: the smallest budget by a control of less than the CPU, twice the longest that its end waits for the kernel
    /// (docs/decisions/0066). So whoever deletes a context that owes its overrun gains less than half a budget by it.
    /// </summary>
    private const ulong SmallestOfPart = 40_000;

    /// <summary>
    /// Budgets that an overrun counts for at most. The kernel is never later than a few of the smallest; where the clock
    /// leaps by more the machine stood still, and nobody used it.
    /// </summary>
    private const ulong MostOwed = 16;

    /// <summary>Whether a control can give a context this budget, in TSC ticks.</summary>
    public static bool IsLargeEnough(ulong budget, Capability* control) =>
        budget >= SmallestOfPart || SchedulingControls.IsWhole(control);

    /// <summary>
    /// The budget is used up: it comes back a period after it would have begun if it had been used in one piece. What was
    /// used beyond it is taken off the next one, and if it is more than one, each takes a period.
    /// </summary>
    /// <param name="context">Has a period.</param>
    /// <param name="at">Time-stamp counter at which it ended.</param>
    /// <param name="overrun">TSC ticks that were used beyond it.</param>
    public static void End(SchedContext* context, ulong at, ulong overrun)
    {
        ulong rest = context->Period - context->Budget;
        if (overrun >= context->Budget)
        {
            ulong owed = overrun / context->Budget;
            rest += (owed < MostOwed ? owed : MostOwed) * context->Period;
        }
        context->Remaining = 0;
        context->EndedAt = at;
        context->Overrun = overrun;
        context->RefillAt = at + rest;
        context->ComesBackWhole = false;
    }

    /// <summary>What was used beyond a budget that had ended already (Timekeeping.StartEnded).</summary>
    public static void Exceed(SchedContext* context, ulong used)
    {
        if (context->Budget == 0)
        {
            // Its control went in the meantime: as Lose leaves it.
            context->Overrun += used;
        }
        else if (!context->ComesBackWhole)
        {
            End(context, context->EndedAt, context->Overrun + used);
        }
    }

    /// <summary>The budget is there again, less what is owed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ComeBack(SchedContext* context)
    {
        if (OwesLittle(context))
        {
            ComeBackInTime(context);
        }
        else
        {
            ComeBackLate(context);
        }
    }

    /// <summary>The same, where it is known to owe little.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ComeBackInTime(SchedContext* context)
    {
        context->Remaining = context->Budget - context->Overrun;
        context->Overrun = 0;
    }

    /// <summary>Less than a budget, and so not for one that has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool OwesLittle(SchedContext* context) => context->Overrun < context->Budget;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ComeBackLate(SchedContext* context)
    {
        bool hasPaid = context->ComesBackWhole || context->Budget == 0;
        context->Remaining = context->Budget - (hasPaid ? 0 : context->Overrun % context->Budget);
        context->Overrun = 0;
        context->ComesBackWhole = false;
    }

    /// <summary>
    /// It has no time any more; what was used is kept as the overrun over nothing, until it would have come back.
    /// </summary>
    public static void Lose(SchedContext* context, ulong now)
    {
        bool ended = context->Remaining == 0;
        ulong used = context->Budget - context->Remaining + context->Overrun;
        context->Overrun = used;
        if (!ended)
        {
            context->EndedAt = now;
            context->RefillAt = now + context->Period - context->Budget;
        }
        context->Budget = 0;
        context->Remaining = 0;
    }

    /// <summary>
    /// A new budget and period. What was used since the last refill counts against the new budget, as if it had always been
    /// so; and a longer period adds nothing before its first refill. So no sequence of configurations gives more than the
    /// most generous one of them.
    /// </summary>
    /// <param name="context">Its slice is charged.</param>
    /// <param name="budget">TSC ticks, not 0.</param>
    /// <param name="period">TSC ticks, at least the budget, or 0.</param>
    /// <param name="now">Time-stamp counter.</param>
    /// <returns>
    /// Whether the new budget is used up already. Without a period it never is: its end comes as soon as somebody runs on it,
    /// and with that he goes behind his equals.
    /// </returns>
    public static bool Change(SchedContext* context, ulong budget, ulong period, ulong now)
    {
        // One that has lost its time has a period still, by which what was used is judged.
        bool ended = context->Remaining == 0 && context->Period != 0;
        if (ended && context->RefillAt <= now)
        {
            ended = context->Budget == 0;
            ComeBack(context);
        }
        ulong left = context->Remaining;
        ulong used = context->Budget - left + context->Overrun;
        ulong at = ended ? context->EndedAt : now;
        ulong due = ended ? context->RefillAt : now + context->Period - context->Budget;
        bool isFree = context->Period == 0;
        bool isLonger = !isFree && period > context->Period;
        context->Budget = budget;
        context->Period = period;
        context->Overrun = 0;
        context->ComesBackWhole = false;
        context->Remaining = used < budget ? budget - used : 0;
        if (isLonger && context->Remaining > left)
        {
            context->Remaining = left;
        }
        if (context->Remaining != 0)
        {
            return false;
        }
        if (period == 0)
        {
            context->Remaining = 1;
            context->Overrun = used - (budget - 1);
            return false;
        }
        EndChanged(context, at, isFree || used < budget ? 0 : used - budget, isFree ? at : due);
        return true;
    }

    /// <summary>A budget without a period is over, and with it the turn: the next has all of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BeginTurn(SchedContext* context)
    {
        context->Remaining = context->Budget;
        context->Overrun = 0;
    }

    /// <summary>
    /// As if the budget had just been used up: what has one by a share that somebody else may just have used begins with a
    /// wait (docs/decisions/0080). What is owed is waited for, too.
    /// </summary>
    /// <param name="context">Has a period, and stands in no queue.</param>
    /// <param name="now">Time-stamp counter.</param>
    public static void BeginEmpty(SchedContext* context, ulong now)
    {
        ulong due = now + context->Period - context->Budget;
        if (context->Remaining != 0)
        {
            End(context, now, 0);
        }
        else if (context->RefillAt < due)
        {
            // As of now, and so it stays if it is configured once more as it is.
            context->EndedAt = now;
            context->RefillAt = due;
        }
    }

    /// <summary>
    /// More was used than the new budget has. It comes back when that is paid for, but no later than both the old period
    /// and the new one would have it.
    /// </summary>
    private static void EndChanged(SchedContext* context, ulong at, ulong overrun, ulong due)
    {
        ulong first = at + context->Period - context->Budget;
        ulong latest = due > first ? due : first;
        ulong owed = overrun / context->Budget;
        bool isPaid = owed <= (latest - first) / context->Period;
        context->EndedAt = at;
        context->Overrun = overrun;
        context->RefillAt = isPaid ? first + owed * context->Period : latest;
        context->ComesBackWhole = !isPaid;
    }
}
