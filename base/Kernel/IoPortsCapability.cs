using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>A range of I/O ports.</summary>
public readonly struct IoPortsCapability(CapabilitySlot slot) : ITypedCapability<IoPortsCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static IoPortsCapability FromCapability(Capability capability) => new(capability.Slot);

    public Status Out8(ushort port, byte value) => Invocation.Invoke(Slot, (ulong)IoPortsOperation.Out8, port, value);

    public Status Out16(ushort port, ushort value) =>
        Invocation.Invoke(Slot, (ulong)IoPortsOperation.Out16, port, value);

    public Status Out32(ushort port, uint value) => Invocation.Invoke(Slot, (ulong)IoPortsOperation.Out32, port, value);

    public Status In8(ushort port, out byte value)
    {
        Status status = In(IoPortsOperation.In8, port, out ulong word);
        value = (byte)word;
        return status;
    }

    public Status In16(ushort port, out ushort value)
    {
        Status status = In(IoPortsOperation.In16, port, out ulong word);
        value = (ushort)word;
        return status;
    }

    public Status In32(ushort port, out uint value)
    {
        Status status = In(IoPortsOperation.In32, port, out ulong word);
        value = (uint)word;
        return status;
    }

    /// <summary>A capability to some of the ports.</summary>
    public Status Derive(CapTableCapability table, CapabilitySlot destination, ushort first, uint count) =>
        Invocation.Invoke(Slot, (ulong)IoPortsOperation.Derive, Invocation.Pack(table.Slot, destination), first, count);

    private Status In(IoPortsOperation operation, ushort port, out ulong word)
    {
        Status status = Invocation.Invoke(Slot, (ulong)operation, port, 0, 0, 0, out InvocationResult result);
        word = result.Word0;
        return status;
    }
}
