namespace Skerry.Abi;

/// <summary>Kinds of kernel object, as retype takes them and capabilities name them.</summary>
public enum ObjectType : byte
{
    None = 0,
    Untyped = 1,
    CapTable = 2,
    AddressSpace = 3,
    PageTable = 4,
    Frame = 5,
    Thread = 6,
    SchedContext = 7,
    Endpoint = 8,
    Reply = 9,
    Notification = 10,
    Doorbell = 11,

    /// <summary>Makes Doorbell capabilities; core's alone.</summary>
    DoorbellControl = 12,

    /// <summary>Makes frames of memory outside the cluster and of devices; core's alone.</summary>
    MemoryControl = 13,

    /// <summary>One CPU of the cluster: its doorbell, its counters, and whether it runs threads.</summary>
    CpuControl = 14,
    IoPorts = 15,

    /// <summary>Makes IrqHandler capabilities; core's alone.</summary>
    IrqControl = 16,

    /// <summary>One interrupt of a device, routed to one CPU of the cluster.</summary>
    IrqHandler = 17,

    /// <summary>Time of one CPU of the cluster, up to a priority: to hand on, or to have threads run there.</summary>
    SchedControl = 18,
}
