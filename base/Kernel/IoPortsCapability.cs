using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>A range of I/O ports.</summary>
public readonly struct IoPortsCapability(CapabilitySlot slot) : ITypedCapability<IoPortsCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static IoPortsCapability FromCapability(Capability capability) => new(capability.Slot);

    public Status Out8(ushort port, byte value) => Invocation.Invoke(Slot, (ulong)IoPortsOperation.Out8, port, value);

    public Status Out32(ushort port, uint value) => Invocation.Invoke(Slot, (ulong)IoPortsOperation.Out32, port, value);

    public Status In8(ushort port, out byte value)
    {
        Status status = In(IoPortsOperation.In8, port, out ulong word);
        value = (byte)word;
        return status;
    }

    public Status In32(ushort port, out uint value)
    {
        Status status = In(IoPortsOperation.In32, port, out ulong word);
        value = (uint)word;
        return status;
    }

    private Status In(IoPortsOperation operation, ushort port, out ulong word)
    {
        Status status = Invocation.Invoke(Slot, (ulong)operation, port, 0, 0, 0, out InvocationResult result);
        word = result.Word0;
        return status;
    }
}
