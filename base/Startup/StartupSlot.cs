namespace Skerry.Base.Startup;

/// <summary>
/// Where a component finds its first capabilities. A session that its parent does not give lies in an empty slot, and
/// every call to it answers CallFailed.
/// </summary>
public enum StartupSlot : uint
{
    Null = 0,

    /// <summary>The component's own capability table.</summary>
    CapTable = 1,
    Parent = 2,
    Pd = 3,
    Cpu = 4,

    /// <summary>The region map of its address space.</summary>
    AddressSpace = 5,
    Log = 6,
    Rm = 7,
    Topology = 8,
    Trace = 9,

    /// <summary>The main thread, as a CPU session's thread.</summary>
    MainThread = 10,

    /// <summary>The kernel Reply object bound to the main thread.</summary>
    MainReply = 11,

    /// <summary>The kernel's own address-space object, for servers that map their memory themselves; empty for others.</summary>
    KernelSpace = 12,

    /// <summary>The kernel's control of each of the component's CPUs, for servers that count; empty for others.</summary>
    FirstCpuControl = 16,

    /// <summary>From here on all slots are the component's own, but for a server's.</summary>
    FirstFree = 288,

    /// <summary>Time of each of a server's CPUs, by which it makes threads run.</summary>
    FirstSchedControl = 288,

    /// <summary>From here on all slots are a server's own.</summary>
    FirstFreeOfServer = 544,
}
