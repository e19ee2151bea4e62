using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of scheduling controls; and what other operations ask them.</summary>
internal static unsafe class SchedControlOperations
{
    public static Status Invoke(Capability* control, InvocationArguments arguments)
    {
        switch ((SchedControlOperation)arguments.Operation)
        {
            case SchedControlOperation.Derive:
                return Derive(control, arguments);
            case SchedControlOperation.Query:
                return arguments.Return(
                    SchedulingControls.CpuOf(control)->Index,
                    SchedulingControls.HighestPriority(control),
                    SchedulingControls.Share(control),
                    control->Extent
                );
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status Derive(Capability* control, InvocationArguments arguments)
    {
        if (SchedulingControls.IsGoing(control))
        {
            return Status.BeingDeleted;
        }
        uint priority = arguments.Low(arguments.Word1);
        uint share = arguments.High(arguments.Word1);
        if (priority >= ReadyQueues.Priorities || share > SchedShare.Whole)
        {
            return arguments.Refuse(Status.InvalidArgument, 1);
        }
        Status status =
            priority > SchedulingControls.HighestPriority(control)
                ? Status.MissingRight
                : SchedulingControls.Admits(control, share, null);
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 1);
        }
        if (SchedulingControls.Depth(control) == SchedShare.MaximumDepth)
        {
            return Status.InvalidState;
        }
        status = Lookup.FindEmpty(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            arguments.High(arguments.Word0),
            out Capability* slot
        );
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        SchedulingControls.Derive(control, slot, priority, share);
        return Status.Ok;
    }

    /// <summary>The control in a slot of the caller's, if it may hand anything out.</summary>
    public static Status Find(InvocationArguments arguments, uint slot, out Capability* control)
    {
        Status status = Lookup.Find(arguments.Caller, slot, ObjectType.SchedControl, out control);
        return status == Status.Ok && SchedulingControls.IsGoing(control) ? Status.BeingDeleted : status;
    }

    /// <summary>The control in word 1 by which a thread shall have a priority.</summary>
    /// <returns>Null, and Ok, if none is named and the thread gets no more than it has.</returns>
    public static Status Find(
        Cpu* cpu,
        InvocationArguments arguments,
        Thread* thread,
        uint priority,
        bool needed,
        out Capability* control
    )
    {
        control = null;
        uint slot = arguments.Low(arguments.Word1);
        bool isMore =
            thread->ControlBinding.IsEmpty || priority > SchedulingControls.HighestPriority(&thread->ControlBinding);
        if (slot == 0 && !needed && !isMore)
        {
            return Status.Ok;
        }
        Status status = Find(arguments, slot, out control);
        if (status == Status.Ok && Revocation.Concerns(control))
        {
            return Revocation.Help(cpu);
        }
        if (status == Status.Ok && SchedulingControls.CpuOf(control)->Index != thread->Cpu)
        {
            status = Status.WrongCpu;
        }
        if (status == Status.Ok && priority > SchedulingControls.HighestPriority(control))
        {
            status = Status.MissingRight;
        }
        return status == Status.Ok ? status : arguments.Refuse(status, 1);
    }
}
