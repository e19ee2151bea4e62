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

    /// <summary>Row × size + column.</summary>
    BadDistance,

    /// <summary>Domain.</summary>
    DomainNotCovered,

    /// <summary>How many there are room for.</summary>
    TooMany,

    ClockStands,

    /// <summary>Hz.</summary>
    ClockDisagrees,

    /// <summary>APIC id of the cluster's first CPU.</summary>
    TooLittleMemory,

    /// <summary>The same.</summary>
    GaveWay,

    /// <summary>CPUs in one cluster.</summary>
    ClusterDivided,
    BadValue,
}
