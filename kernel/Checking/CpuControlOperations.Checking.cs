using Skerry.Abi;
using Skerry.Kernel.Checking;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Startup;

namespace Skerry.Kernel.Operations;

/// <summary>The operations that only the checked kernel has (CheckingOperation).</summary>
internal static unsafe partial class CpuControlOperations
{
    static partial void InvokeChecking(Cpu* cpu, InvocationArguments arguments, ref Status status)
    {
        switch ((CheckingOperation)arguments.Operation)
        {
            case CheckingOperation.Check:
                CheckReport report = CheckStandingStill(cpu);
                status = arguments.Return(
                    (ulong)report.First,
                    (ulong)report.Address,
                    report.Capabilities,
                    report.Objects
                );
                break;
            case CheckingOperation.ReadRegister:
                status = RegisterReading.TryRead(arguments.Word0, out ulong value)
                    ? arguments.Return(value, 0, 0, 0)
                    : arguments.Refuse(Status.InvalidArgument, 0);
                break;
            case CheckingOperation.Damage:
                status = Damage.Do(cpu, arguments.Caller, (CheckedDamage)arguments.Word0)
                    ? Status.Ok
                    : arguments.Refuse(Status.InvalidArgument, 0);
                break;
        }
    }

    private static CheckReport CheckStandingStill(Cpu* cpu)
    {
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Rendezvous.Hold(cpu, ClusterCpus.At(i));
        }
        CheckReport report = Checker.Run(cpu, InitialComponent.Root);
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Rendezvous.Release(cpu, ClusterCpus.At(i));
        }
        return report;
    }
}
