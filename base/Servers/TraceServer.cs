using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers;

/// <summary>The TRACE service: the kernel's counters of the session's CPUs. The service lock is held.</summary>
public readonly unsafe struct TraceServer(Server* server, ServiceSession* session) : ITrace
{
    public TraceResult Counters(uint cpu, out CpuCounters counters)
    {
        counters = default;
        if (cpu >= session->CpuCount)
        {
            return TraceResult.OutOfRange;
        }
        CpuControlCapability control = server->Cpus[(int)(session->FirstCpu + cpu)].Control;
        return control.ReadCounters(out counters) == Status.Ok ? TraceResult.Ok : TraceResult.OutOfRange;
    }
}
