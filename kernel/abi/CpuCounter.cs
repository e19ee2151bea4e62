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
    Count = 10,
}
