using Skerry.Abi;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Panic;

namespace Skerry.Kernel.Startup;

/// <summary>The program that the kernel starts, core as a rule. All else in the cluster hangs on it.</summary>
internal static unsafe class FirstProgram
{
    /// <summary>Where it runs. Written once.</summary>
    public static AddressSpace* Space;

    /// <summary>
    /// A fault has no handler. Of the first program's threads nobody above will ever hear it, so the cluster ends with a
    /// report, unless the program has given its space a fault table: then it means to go on without the thread. A thread
    /// that has no time waits for it as others do.
    /// </summary>
    public static void OnUnheard(Cpu* cpu, Thread* faulter)
    {
        bool isFirst = faulter->AddressSpace == Space && AddressSpace.FaultsOf(Space)->Count == 0;
        if (isFirst && faulter->FaultLabel != FaultLabel.Timeout)
        {
            KernelPanic.OnFirstProgram(cpu, faulter);
        }
    }
}
