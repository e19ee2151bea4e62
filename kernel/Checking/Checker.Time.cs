using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Checking;

/// <summary>Scheduling contexts, what is charged, and the CPUs' counters.</summary>
internal static unsafe partial class Checker
{
    private static CounterTable counters;

    /// <summary>TSC ticks that ran on the contexts looked at so far.</summary>
    private static ulong consumed;

    private static void CheckRefills(Cpu* cpu)
    {
        SchedContext* context = cpu->Refills;
        bool isRoot = context == null || (IsContext(context) && context->Parent == null);
        if (!Require(isRoot, CheckedRule.RefillList, cpu))
        {
            return;
        }
        while (context != null)
        {
            ref KnownObject entry = ref ObjectTable.Of(context);
            bool first = entry.Place == Place.Nowhere;
            entry.Place = Place.Refills;
            entry.Cpu = (byte)cpu->Index;
            uint left = RankBelow(context, context->Left);
            uint right = RankBelow(context, context->Right);
            bool ordered = first && left != NoRank && left >= right && context->Rank == right + 1;
            if (!Require(ordered, CheckedRule.RefillList, context))
            {
                return;
            }
            context = NextRefill(context);
        }
    }

    /// <summary>Of a child that is none.</summary>
    private const uint NoRank = uint.MaxValue;

    /// <summary>Of a child, which does not come back before its parent.</summary>
    private static uint RankBelow(SchedContext* parent, SchedContext* child)
    {
        if (child == null)
        {
            return 0;
        }
        bool isChild = IsContext(child) && child->Parent == parent && child->RefillAt >= parent->RefillAt;
        return isChild ? child->Rank : NoRank;
    }

    /// <summary>Parents before their children, the left before the right, which there is not without the left.</summary>
    private static SchedContext* NextRefill(SchedContext* context)
    {
        if (context->Left != null)
        {
            return context->Left;
        }
        SchedContext* parent = context->Parent;
        while (parent != null && (parent->Right == context || parent->Right == null))
        {
            context = parent;
            parent = context->Parent;
        }
        return parent == null ? null : parent->Right;
    }

    private static void CheckContext(SchedContext* context)
    {
        ref KnownObject entry = ref ObjectTable.Of(context);
        AddConsumed(context);
        Thread* holder = context->Holder;
        bool held = holder == null || (IsThread(holder) && holder->SchedContext == context);
        Thread* owner = context->Owner;
        Require(
            owner == null || (IsThread(owner) && owner->OwnSchedContext == context),
            CheckedRule.ContextOwner,
            context
        );
        bool budget =
            context->Remaining <= context->Budget
            && (context->Period == 0 || context->Period >= context->Budget)
            && (context->Overrun == 0 || context->Remaining <= (context->Period == 0 ? 1u : 0u));
        Require(budget, CheckedRule.ContextBudget, context);
        Capability* control = &context->ControlBinding;
        bool drawn =
            (context->Budget == 0) == control->IsEmpty
            && (control->IsEmpty || !IsThread(owner) || SchedulingControls.CpuOf(control)->Index == owner->Cpu);
        Require(drawn, CheckedRule.ContextControl, context);
        if (!Require(held, CheckedRule.ContextHolder, context))
        {
            return;
        }
        bool waits = entry.Place == Place.Refills;
        bool mayWait = context->Remaining == 0 && context->Budget != 0 && holder != null;
        mayWait = mayWait && holder->Cpu == entry.Cpu && holder->State == ThreadState.Ready;
        Require(waits ? mayWait : context->Rank == 0, CheckedRule.RefillContext, context);
        bool needsTime =
            holder != null && holder->State == ThreadState.Ready && holder->Root != 0 && context->Remaining == 0;
        // Without a budget there is none to come.
        Require(
            !needsTime || context->Budget == 0 || waits || ObjectTable.Of(holder).Place != Place.Nowhere,
            CheckedRule.RefillMissing,
            context
        );
    }

    /// <summary>No tick is charged twice, and none that there was not. The counter begins at 0 when the machine does.</summary>
    private static void AddConsumed(SchedContext* context)
    {
        ulong most = Hardware.ReadTimeStampCounter() * ClusterCpus.Count;
        bool possible = context->Consumed <= most && consumed <= most - context->Consumed;
        consumed += possible ? context->Consumed : 0;
        Require(possible, CheckedRule.ConsumedTime, context);
    }

    private static void CheckCpus()
    {
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Cpu* cpu = ClusterCpus.At(i);
            SchedContext* charged = cpu->Charged;
            Thread* current = cpu->Current;
            bool ofCurrent = cpu != caller || current == null || charged == current->SchedContext;
            bool isSound = charged == null || (IsContext(charged) && charged->Rank == 0);
            if (Require(isSound && ofCurrent, CheckedRule.Charged, cpu))
            {
                Require(charged == null || HasTimer(cpu, charged), CheckedRule.TimerIsLate, cpu);
            }
            void* space = (void*)(cpu->CurrentRoot + KernelLayout.DirectMap);
            bool loaded = cpu->CurrentRoot == PageTables.KernelRoot || ObjectTable.Has(space, ObjectType.AddressSpace);
            Require(loaded, CheckedRule.LoadedSpace, cpu);
            Thread* debugged = cpu->DebugOwner;
            // The CPU's own address stands for a thread whose breakpoints are loaded and no longer right.
            bool debugs = debugged == null || debugged == cpu || (IsThread(debugged) && debugged->Cpu == i);
            Require(debugs, CheckedRule.DebugOwner, cpu);
            CheckCounters(cpu, i);
        }
        CheckRevokes();
    }

    /// <summary>The timer comes no later than the end of the budget, or will be set, or was due and is about to come.</summary>
    private static bool HasTimer(Cpu* cpu, SchedContext* charged) =>
        cpu->TimerIsStale
        || cpu->TimerSetFor <= cpu->ChargedSince + charged->Remaining
        || cpu->TimerSetFor <= Hardware.ReadTimeStampCounter();

    private static void CheckCounters(Cpu* cpu, uint index)
    {
        for (int i = 0; i < (int)CpuCounter.Count; i++)
        {
            ref ulong last = ref counters[(int)index * (int)CpuCounter.Count + i];
            Require(cpu->Counters[i] >= last, CheckedRule.CounterWentBack, cpu);
            last = cpu->Counters[i];
        }
    }

    /// <summary>For another cluster, whose counters begin anew.</summary>
    public static void Forget() => counters = default;

    [InlineArray(BootInformation.MaximumCpus * (int)CpuCounter.Count)]
    private struct CounterTable
    {
        private ulong _value;
    }
}
