using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>Processor time: a budget in each period.</summary>
public readonly struct SchedContextCapability(CapabilitySlot slot) : ITypedCapability<SchedContextCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static SchedContextCapability FromCapability(Capability capability) => new(capability.Slot);

    /// <summary>
    /// Both in microseconds; a period of 0 refills at once (round robin), which is a share of the whole CPU. The time is the
    /// control's, for a thread of its CPU.
    /// </summary>
    public Status Configure(ulong budget, ulong period, SchedControlCapability control) =>
        Invocation.Invoke(Slot, (ulong)SchedContextOperation.Configure, budget, period, control.Slot.Value);

    /// <summary>Round robin, 10 ms in turn.</summary>
    public Status TakeTurns(SchedControlCapability control) => Configure(10_000, 0, control);

    /// <summary>
    /// Gives the rest of the caller's slice to the ready thread that has this context, on this CPU and of no higher
    /// priority.
    /// </summary>
    public Status YieldTo() => Invocation.Invoke(Slot, (ulong)SchedContextOperation.YieldTo);

    /// <summary>Time-stamp counter ticks that ran on it.</summary>
    public Status Consumed(out ulong ticks)
    {
        Status status = Invocation.Invoke(
            Slot,
            (ulong)SchedContextOperation.Consumed,
            0,
            0,
            0,
            0,
            out InvocationResult result
        );
        ticks = result.Word0;
        return status;
    }
}
