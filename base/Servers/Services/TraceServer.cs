using Skerry.Abi;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// The TRACE service: the kernel's counters of the session's CPUs, and its traces. A ring is a dataspace of the client's
/// own, so its account pays for it; when it is freed, the kernel ends the trace by itself. The service lock is held.
/// </summary>
public readonly unsafe struct TraceServer(Server* server, ServiceSession* session) : ITrace
{
    public TraceResult Counters(uint cpu, out CpuCounters counters)
    {
        counters = default;
        if (cpu >= session->CpuCount)
        {
            return TraceResult.OutOfRange;
        }
        return Cpu(cpu)->Control.ReadCounters(out counters) == Status.Ok ? TraceResult.Ok : TraceResult.OutOfRange;
    }

    public TraceResult Start(uint cpu, DataspaceCapability ring)
    {
        // Looked at first, whatever comes of it: one that is no dataspace of the server's is let go of.
        Dataspace* dataspace = DataspaceObjects.Find(server, ring.Capability);
        if (cpu >= session->CpuCount)
        {
            return TraceResult.OutOfRange;
        }
        if (!IsAllowed)
        {
            return TraceResult.Denied;
        }
        // The kernel takes a ring of one frame.
        if (dataspace == null || dataspace->Kind != DataspaceKind.Frame || dataspace->First.Next != null)
        {
            return TraceResult.InvalidDataspace;
        }
        if (dataspace->Owner != session->Pd->Handle.Value)
        {
            return TraceResult.NotOwner;
        }
        if ((dataspace->Rights & FrameRights.Write) == 0)
        {
            // The kernel writes there, and it was sealed.
            return TraceResult.InvalidDataspace;
        }
        Status status = Cpu(cpu)->Control.StartTrace(new FrameCapability(dataspace->First.Slot));
        if (status == Status.Ok)
        {
            Cpu(cpu)->TracedFor = session->Handle.Value;
        }
        return status switch
        {
            Status.Ok => TraceResult.Ok,
            Status.InvalidState => TraceResult.Busy,
            _ => TraceResult.InvalidDataspace,
        };
    }

    public TraceResult Stop(uint cpu)
    {
        if (cpu >= session->CpuCount)
        {
            return TraceResult.OutOfRange;
        }
        bool isOwn = Cpu(cpu)->TracedFor == session->Handle.Value;
        return isOwn && Cpu(cpu)->Control.StopTrace() == Status.Ok ? TraceResult.Ok : TraceResult.NotTraced;
    }

    private bool IsAllowed
    {
        get
        {
            Child* child = session->Pd->Child;
            return child != null && (child->Record.Flags & ChildFlags.Trace) != 0;
        }
    }

    private ServerCpu* Cpu(uint cpu) => (ServerCpu*)&server->Cpus + session->FirstCpu + cpu;
}
