namespace Skerry.Abi;

/// <summary>What each CPU's kernel counts about itself since boot; read by CpuControl.ReadCounters.</summary>
public enum CpuCounter
{
    /// <summary>Messages that took the slow path on this CPU.</summary>
    SlowpathMessages = 0,

    /// <summary>Page faults of user threads delivered to a pager on this CPU.</summary>
    FaultsDelivered = 1,

    /// <summary>Page faults resolved by ReplyMapRecv.</summary>
    FaultsMapped = 2,

    /// <summary>Inter-processor interrupts sent to CPUs of the own cluster.</summary>
    ClusterInterruptsSent = 3,

    /// <summary>Doorbells rung at other clusters.</summary>
    DoorbellsSent = 4,

    /// <summary>Doorbells that rang here.</summary>
    DoorbellsReceived = 5,

    /// <summary>Timer interrupts.</summary>
    TimerInterrupts = 6,

    /// <summary>Times that the cluster lock was found taken.</summary>
    LockWaits = 7,

    /// <summary>Requests of other CPUs of the cluster carried out here.</summary>
    RequestsServed = 8,

    /// <summary>Interrupts of devices.</summary>
    DeviceInterrupts = 9,

    /// <summary>Calls and replies that took the fastpath on this CPU.</summary>
    FastMessages = 10,

    /// <summary>Signals that took the fastpath.</summary>
    FastSignals = 11,

    /// <summary>
    /// Further system calls that took the fastpath: Wait, Poll, NBSend, Yield, Frame.Map, and the fast Copy, Delete and
    /// Retype.
    /// </summary>
    ShortCalls = 12,

    /// <summary>Of <see cref="FaultsMapped"/>, those by the fastpath.</summary>
    FastMappings = 13,

    /// <summary>System calls that took the slow path; one that is made again counts again.</summary>
    SlowSystemCalls = 14,

    /// <summary>Signals to notifications by the slow path.</summary>
    SlowSignals = 15,

    /// <summary>Exceptions of user threads other than page faults.</summary>
    Exceptions = 16,

    /// <summary>Interrupts by which another CPU of the cluster told of a request.</summary>
    RequestInterrupts = 17,

    /// <summary>Interrupts by which another CPU of the cluster asked this one to stand still, flush, or trace.</summary>
    RendezvousInterrupts = 18,

    /// <summary>Interrupts that are nobody's.</summary>
    SpuriousInterrupts = 19,

    /// <summary>Flushes of the TLB that this CPU asked of others.</summary>
    FlushesAsked = 20,

    /// <summary>Flushes of this CPU's TLB because mappings changed, by itself or as another asked.</summary>
    FlushesDone = 21,

    /// <summary>All entries into the kernel: the sum of system calls, page faults, exceptions and interrupts.</summary>
    Entries = 22,

    /// <summary>Threads that this CPU moved from one CPU of the cluster to another.</summary>
    Migrations = 23,
    Count = 24,
}
