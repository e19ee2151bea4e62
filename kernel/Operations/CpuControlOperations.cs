using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Tracing;

namespace Skerry.Kernel.Operations;

/// <summary>Operations on a CPU of the cluster, each by a right of its own (CpuRights).</summary>
internal static unsafe partial class CpuControlOperations
{
    public static Status Invoke(Cpu* cpu, Capability* capability, InvocationArguments arguments)
    {
        var target = (Cpu*)capability->Object;
        var operation = (CpuControlOperation)arguments.Operation;
        CpuRights right = RightFor(operation);
        if (((CpuRights)capability->Rights & right) != right)
        {
            return Status.MissingRight;
        }
        switch (operation)
        {
            case CpuControlOperation.BindDoorbell:
                return BindDoorbell(cpu, target, arguments);
            case CpuControlOperation.ReadCounters:
                return CounterReading.Read(target, arguments);
            case CpuControlOperation.Park:
                return ParkOperations.Park(cpu, target);
            case CpuControlOperation.Wake:
                return ParkOperations.Wake(cpu, target);
            case CpuControlOperation.Query:
                return ParkOperations.Query(target, arguments);
            case CpuControlOperation.StartTrace:
                return TraceControl.Start(cpu, target, arguments);
            case CpuControlOperation.StopTrace:
                return TraceControl.Stop(cpu, target);
            default:
                Status status = Status.UnknownOperation;
                InvokeChecking(cpu, arguments, ref status);
                return status;
        }
    }

    private static CpuRights RightFor(CpuControlOperation operation) =>
        operation switch
        {
            CpuControlOperation.ReadCounters or CpuControlOperation.Query => CpuRights.Observe,
            CpuControlOperation.StartTrace or CpuControlOperation.StopTrace => CpuRights.Trace,
            CpuControlOperation.BindDoorbell or CpuControlOperation.Park or CpuControlOperation.Wake =>
                CpuRights.Command,
            // What there is not, and what the checked kernel has.
            _ => CpuRights.None,
        };

    /// <summary>Operations of the checked kernel (kernel/Checking); in the kernel proper nothing is called here.</summary>
    static partial void InvokeChecking(Cpu* cpu, InvocationArguments arguments, ref Status status);

    private static Status BindDoorbell(Cpu* cpu, Cpu* target, InvocationArguments arguments)
    {
        Status status = Lookup.Find(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            ObjectType.Notification,
            (byte)NotificationRights.Signal,
            out Capability* notification
        );
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        if (((Notification*)notification->Object)->Cpu != target->Index)
        {
            return Status.WrongCpu;
        }
        if (Revocation.Concerns(notification))
        {
            // Not while the CPU stands still: what a step of a revoke takes may be for it to let go.
            return Revocation.Help(cpu);
        }
        Capability* binding = &target->Direct->DoorbellBinding;
        // The last capability to a notification goes in steps, and who is bound to it or waits there loses it anyway. Else no ring
        // is lost, as the old one goes while the CPU stands still.
        if (!Deletion.IsOneOfMany(binding) && !BindingOwner.Empty(cpu, binding))
        {
            return Invocation.Restart;
        }
        Rendezvous.Hold(cpu, target);
        if (!binding->IsEmpty)
        {
            Deletion.Drop(cpu, binding);
        }
        status = BindingOwner.Fill(notification, binding, BindingKind.Doorbell);
        Rendezvous.Release(cpu, target);
        return status;
    }
}
