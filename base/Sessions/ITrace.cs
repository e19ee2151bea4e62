using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>
/// What the kernel counts on the CPUs of the session's affinity space, and the records of what it is entered for
/// there. Records tell of all threads on the CPU, so only a child whose configuration says so may have them.
/// </summary>
[RpcInterface]
public interface ITrace
{
    TraceResult Counters(uint cpu, out CpuCounters counters);

    /// <summary>
    /// From now on the kernel records its entries on a CPU in a dataspace of this PD's own account, of a power of two of
    /// pages (Skerry.Abi.TraceRing says how). Ends with Stop, or when the dataspace is freed.
    /// </summary>
    TraceResult Start(uint cpu, DataspaceCapability ring);

    TraceResult Stop(uint cpu);
}
