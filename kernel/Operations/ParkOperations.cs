using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>
/// Takes a CPU out of scheduling and brings it back. A parked one idles like any that has nothing to run, so whatever its
/// cluster, a device or another cluster wants of it works as ever; only the way out of an interrupt leads nowhere but back
/// (<see cref="Scheduling.Scheduler.ChooseUnlessParked"/>). Under the cluster lock.
/// </summary>
internal static unsafe class ParkOperations
{
    /// <summary>The CPU stands still while it is told, so on its way out of the interrupt it finds that it is parked.</summary>
    public static Status Park(Cpu* cpu, Cpu* target)
    {
        if (target == cpu)
        {
            return Status.WrongCpu;
        }
        if (target->Parked)
        {
            return Status.InvalidState;
        }
        Rendezvous.Hold(cpu, target);
        Threads.SetAside(target);
        target->Parked = true;
        Rendezvous.Release(cpu, target);
        return Status.Ok;
    }

    /// <summary>It is halted, or about to: the interrupt has it choose anew.</summary>
    public static Status Wake(Cpu* cpu, Cpu* target)
    {
        if (!target->Parked)
        {
            return Status.InvalidState;
        }
        target->Parked = false;
        cpu->Count(CpuCounter.ClusterInterruptsSent);
        LocalApic.SendInterrupt(target->ApicId, Vectors.Request);
        return Status.Ok;
    }

    public static Status Query(Cpu* target, InvocationArguments arguments) =>
        arguments.Return((ulong)(target->Parked ? CpuState.Parked : CpuState.Running), target->Index, target->ApicId);
}
