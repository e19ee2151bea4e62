namespace Skerry.Boot.Warnings;

/// <summary>What is wrong. The comment says what the warning's detail is.</summary>
public enum WarningReason : byte
{
    Missing,
    TooShort,
    BadSignature,
    BadLength,
    BadChecksum,

    /// <summary>Offset of the entry in the table.</summary>
    BadEntry,

    /// <summary>Base of the range.</summary>
    EmptyRange,
    OverlappingRanges,

    /// <summary>Bytes.</summary>
    UnnamedMemory,

    /// <summary>Bytes.</summary>
    MemoryOutOfReach,

    /// <summary>Bytes.</summary>
    BeyondKernel,

    /// <summary>Bytes.</summary>
    PiecesLost,

    /// <summary>Bytes.</summary>
    TooManyRanges,

    /// <summary>Bytes of their memory.</summary>
    TooManyNodes,

    /// <summary>CPUs.</summary>
    TooManyCpus,

    /// <summary>Physical address.</summary>
    OtherLocalApic,

    /// <summary>APIC id.</summary>
    DuplicateCpu,
    MissingBootCpu,
    ApicIdTooLarge,
    CpuWithoutNode,
    NoAnswer,
    LacksFeatures,

    /// <summary>Row × size + column.</summary>
    BadDistance,

    /// <summary>Domain.</summary>
    DomainNotCovered,
    NoDomain,

    /// <summary>Bytes.</summary>
    NonVolatile,

    /// <summary>How many are left out.</summary>
    TooManyIoApics,

    /// <summary>The same.</summary>
    TooManyOverrides,

    /// <summary>Physical address.</summary>
    IoApicElsewhere,
    NoIoApic,
    DuplicateIoApic,
    InterruptsOfAnother,
    OutOfReach,
    LiesElsewhere,

    /// <summary>How many there are.</summary>
    Doubled,
    NamesNoNode,
    NamesNothing,

    /// <summary>Bytes.</summary>
    TooLong,

    ClockStands,

    /// <summary>Hz.</summary>
    ClockDisagrees,

    /// <summary>APIC id of the cluster's first CPU.</summary>
    TooLittleMemory,

    /// <summary>The same.</summary>
    GaveWay,
    MemoryElsewhere,

    /// <summary>CPUs in one cluster.</summary>
    ClusterDivided,

    /// <summary>Offset of the word in the command line.</summary>
    BadValue,

    /// <summary>The same; the things are the clusters that there are.</summary>
    NoSuchCluster,
    NoChecksums,
}
