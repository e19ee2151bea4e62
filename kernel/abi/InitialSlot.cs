namespace Skerry.Abi;

/// <summary>Where the kernel puts the capabilities of the first component of a cluster, core.</summary>
public enum InitialSlot : uint
{
    Null = 0,
    CapTable = 1,
    AddressSpace = 2,
    Thread = 3,
    SchedContext = 4,
    DoorbellControl = 5,
    MemoryControl = 6,

    /// <summary>The serial port (0x3f8 to 0x3ff) and QEMU's exit port (0xf4): the boot cluster's alone.</summary>
    SerialPorts = 7,
    ExitPort = 8,

    /// <summary>Frame of <see cref="Boot.CoreInformation"/>, mapped read-only at its address.</summary>
    CoreInformation = 9,

    /// <summary>Frame of the machine description (<see cref="Boot.MachineHeader"/>); not mapped.</summary>
    Machine = 10,

    /// <summary>Frame of the boot archive; not mapped.</summary>
    Archive = 11,

    /// <summary>Frame of the pages into which other clusters' cores write messages for this one; not mapped.</summary>
    Inbound = 12,

    /// <summary>Makes handlers of device interrupts.</summary>
    IrqControl = 13,

    /// <summary>All 65536 I/O ports, to derive smaller ranges from: the boot cluster's alone.</summary>
    AllPorts = 14,
    FirstCpuControl = 16,
    FirstUntyped = 512,

    /// <summary>SchedControl of each CPU: the whole of it, up to the highest priority.</summary>
    FirstSchedControl = 640,

    /// <summary>From here to the end of the table all slots are free.</summary>
    FirstFree = 1024,
}
