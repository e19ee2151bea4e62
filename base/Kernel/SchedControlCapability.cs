using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>Time of one CPU of the cluster, up to a priority. It cannot be copied: parts are derived from it.</summary>
public readonly struct SchedControlCapability(CapabilitySlot slot) : ITypedCapability<SchedControlCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static SchedControlCapability FromCapability(Capability capability) => new(capability.Slot);

    /// <summary>A child with no more than this one has: a priority of 0 to 63, a share in millionths of the CPU.</summary>
    public Status Derive(CapTableCapability table, CapabilitySlot destination, uint priority, uint share) =>
        Invocation.Invoke(
            Slot,
            (ulong)SchedControlOperation.Derive,
            Invocation.Pack(table.Slot, destination),
            Invocation.Pack(priority, share)
        );

    /// <summary>The CPU by its index in the cluster; shares in millionths.</summary>
    public Status Query(out uint cpu, out uint priority, out uint share, out uint handedOut)
    {
        Status status = Invocation.Invoke(
            Slot,
            (ulong)SchedControlOperation.Query,
            0,
            0,
            0,
            0,
            out InvocationResult result
        );
        cpu = (uint)result.Word0;
        priority = (uint)result.Word1;
        share = (uint)result.Word2;
        handedOut = (uint)result.Word3;
        return status;
    }
}
