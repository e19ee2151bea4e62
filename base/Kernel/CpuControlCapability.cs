using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>One CPU of the cluster: its doorbell, its counters, and whether it runs threads.</summary>
public readonly struct CpuControlCapability(CapabilitySlot slot) : ITypedCapability<CpuControlCapability>
{
    private const int CountersPerCall = 4;

    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static CpuControlCapability FromCapability(Capability capability) => new(capability.Slot);

    /// <summary>What is signalled when a doorbell rings at this CPU.</summary>
    public Status BindDoorbell(NotificationCapability notification) =>
        Invocation.Invoke(Slot, (ulong)CpuControlOperation.BindDoorbell, notification.Slot.Value);

    /// <summary>From when this returns, no thread runs on that CPU. Refused for the caller's own (WrongCpu).</summary>
    public Status Park() => Invocation.Invoke(Slot, (ulong)CpuControlOperation.Park);

    /// <summary>Threads run there again.</summary>
    public Status Wake() => Invocation.Invoke(Slot, (ulong)CpuControlOperation.Wake);

    public Status Query(out CpuState state, out uint index, out uint apicId)
    {
        Status status = Invocation.Invoke(
            Slot,
            (ulong)CpuControlOperation.Query,
            0,
            0,
            0,
            0,
            out InvocationResult result
        );
        state = (CpuState)result.Word0;
        index = (uint)result.Word1;
        apicId = (uint)result.Word2;
        return status;
    }

    /// <summary>Has the kernel record its entries on this CPU in the frame (<see cref="TraceRing"/>).</summary>
    public Status StartTrace(FrameCapability ring) =>
        Invocation.Invoke(Slot, (ulong)CpuControlOperation.StartTrace, ring.Slot.Value);

    public Status StopTrace() => Invocation.Invoke(Slot, (ulong)CpuControlOperation.StopTrace);

    /// <summary>All counters of this CPU, since boot.</summary>
    public Status ReadCounters(out CpuCounters counters)
    {
        counters = default;
        for (int first = 0; first < (int)CpuCounter.Count; first += CountersPerCall)
        {
            Status status = Invocation.Invoke(
                Slot,
                (ulong)CpuControlOperation.ReadCounters,
                (ulong)first,
                0,
                0,
                0,
                out InvocationResult result
            );
            if (status != Status.Ok)
            {
                return status;
            }
            counters.Store(first, result.Word0);
            counters.Store(first + 1, result.Word1);
            counters.Store(first + 2, result.Word2);
            counters.Store(first + 3, result.Word3);
        }
        return Status.Ok;
    }
}
