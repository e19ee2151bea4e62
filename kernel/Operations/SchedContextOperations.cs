using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of scheduling contexts.</summary>
internal static unsafe class SchedContextOperations
{
    private const ulong MaximumMicroseconds = 3_600_000_000;

    public static Status Invoke(Cpu* cpu, Capability* capability, InvocationArguments arguments)
    {
        var context = (SchedContext*)capability->Object;
        switch ((SchedContextOperation)arguments.Operation)
        {
            case SchedContextOperation.Configure:
                return Configure(cpu, context, arguments);
            case SchedContextOperation.Consumed:
                return Consumed(cpu, context, arguments);
            case SchedContextOperation.YieldTo:
                return YieldTo(cpu, context, arguments);
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status Configure(Cpu* cpu, SchedContext* context, InvocationArguments arguments)
    {
        ulong budget = arguments.Word0;
        ulong period = arguments.Word1;
        if (budget is 0 or > MaximumMicroseconds)
        {
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        if (period > MaximumMicroseconds || (period != 0 && period < budget))
        {
            return arguments.Refuse(Status.InvalidArgument, 1);
        }
        uint share = SchedShare.Of(budget, period);
        Status status = FindControl(context, arguments, share, out Capability* control);
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 2);
        }
        if (Revocation.Concerns(control))
        {
            return Revocation.Help(cpu);
        }
        if (!Budgets.IsLargeEnough(Timekeeping.ToTicks(budget), control))
        {
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        Cpu* home = context->Holder == null ? cpu : ClusterCpus.At(context->Holder->Cpu);
        Rendezvous.Hold(cpu, home);
        ulong budgetTicks = Timekeeping.ToTicks(budget);
        ulong periodTicks = Timekeeping.ToTicks(period);
        bool isNew = SchedulingControls.IsNewShare(control, context, budgetTicks, periodTicks);
        Timekeeping.Configure(home, context, budgetTicks, periodTicks, isNew);
        uint priority = SchedulingControls.HighestPriority(control);
        SchedulingControls.Bind(control, &context->ControlBinding, BindingKind.ContextControl, priority, share);
        Rendezvous.Release(cpu, home);
        return Status.Ok;
    }

    /// <summary>The control in word 2, if it has the share left and is of the CPU that the context is for.</summary>
    private static Status FindControl(
        SchedContext* context,
        InvocationArguments arguments,
        uint share,
        out Capability* control
    )
    {
        Status status = SchedControlOperations.Find(arguments, arguments.Low(arguments.Word2), out control);
        if (status != Status.Ok)
        {
            return status;
        }
        return IsOfOther(context, SchedulingControls.CpuOf(control)->Index)
            ? Status.WrongCpu
            : SchedulingControls.Admits(control, share, &context->ControlBinding);
    }

    /// <summary>
    /// Whether the context is for another CPU: its owner's; or, if nobody has it but it was lent before and is still run on, that
    /// of the control it has its time by. Lent on, it may be elsewhere for a moment.
    /// </summary>
    private static bool IsOfOther(SchedContext* context, uint cpu)
    {
        if (context->Owner != null)
        {
            return context->Owner->Cpu != cpu;
        }
        Capability* time = &context->ControlBinding;
        uint home = time->IsEmpty ? cpu : SchedulingControls.CpuOf(time)->Index;
        return context->Holder != null && home != cpu;
    }

    private static Status Consumed(Cpu* cpu, SchedContext* context, InvocationArguments arguments)
    {
        Cpu* home = context->Holder == null ? cpu : ClusterCpus.At(context->Holder->Cpu);
        Rendezvous.Hold(cpu, home);
        ulong ticks = Timekeeping.Consumed(home, context);
        Rendezvous.Release(cpu, home);
        return arguments.Return(ticks);
    }

    private static Status YieldTo(Cpu* cpu, SchedContext* context, InvocationArguments arguments)
    {
        Thread* target = context->Holder;
        if (target != null && target->Cpu != cpu->Index)
        {
            return Status.WrongCpu;
        }
        if (target == null || !ReadyQueues.Has(cpu, target))
        {
            return Status.InvalidState;
        }
        if (target->Rank != arguments.Caller->Rank)
        {
            // One that is worse would go before its equals, who have nothing to do with the caller.
            return Status.InvalidArgument;
        }
        if (arguments.Caller->SchedContext == null)
        {
            // Another CPU took it away while the caller waited for the lock.
            return Status.InvalidState;
        }
        Yielding.YieldTo(cpu, target);
        return arguments.Return(context->Consumed);
    }
}
