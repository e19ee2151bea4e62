using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>What the kernel counts on the CPUs of the session's affinity space.</summary>
[RpcInterface]
public interface ITrace
{
    TraceResult Counters(uint cpu, out CpuCounters counters);
}
