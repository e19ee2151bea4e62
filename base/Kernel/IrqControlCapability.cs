using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>Makes handlers of device interrupts; core's alone.</summary>
public readonly struct IrqControlCapability(CapabilitySlot slot)
{
    public CapabilitySlot Slot { get; } = slot;

    /// <summary>A handler of an I/O APIC's input, on a CPU of the cluster. The boot cluster's core alone can make one.</summary>
    public Status MakeIoApic(
        CapTableCapability table,
        CapabilitySlot destination,
        uint globalInterrupt,
        uint cpu,
        InterruptFlags flags
    ) =>
        Invocation.Invoke(
            Slot,
            (ulong)IrqControlOperation.MakeIoApic,
            Invocation.Pack(table.Slot, destination),
            globalInterrupt,
            cpu,
            (ulong)flags
        );

    /// <summary>A handler of messages, and what the device is to be programmed with.</summary>
    public Status MakeMsi(CapTableCapability table, CapabilitySlot destination, uint cpu, out InterruptMessage message)
    {
        Status status = Invocation.Invoke(
            Slot,
            (ulong)IrqControlOperation.MakeMsi,
            Invocation.Pack(table.Slot, destination),
            0,
            cpu,
            0,
            out InvocationResult result
        );
        message = status == Status.Ok ? new InterruptMessage(result.Word0, (uint)result.Word1) : default;
        return status;
    }
}

/// <summary>What a device writes, and where, to interrupt (PCI Local Bus Specification 3.0, 6.8).</summary>
public readonly struct InterruptMessage(ulong address, uint data)
{
    public ulong Address { get; } = address;

    public uint Data { get; } = data;
}
