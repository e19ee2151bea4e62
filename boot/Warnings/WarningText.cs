using System;

namespace Skerry.Boot.Warnings;

/// <summary>Warnings in words: "warning: SOURCE: REASON (DETAIL)"; <see cref="Console.Report{TConsole}"/> prints them.</summary>
public static class WarningText
{
    public static ReadOnlySpan<byte> Of(WarningSource source) =>
        source switch
        {
            WarningSource.Memory => "memory map"u8,
            WarningSource.Rsdp => "RSDP"u8,
            WarningSource.Xsdt => "XSDT"u8,
            WarningSource.Rsdt => "RSDT"u8,
            WarningSource.Madt => "MADT"u8,
            WarningSource.Srat => "SRAT"u8,
            WarningSource.Slit => "SLIT"u8,
            WarningSource.Hmat => "HMAT"u8,
            WarningSource.Hpet => "HPET"u8,
            WarningSource.AcpiTimer => "ACPI timer"u8,
            WarningSource.IntervalTimer => "interval timer"u8,
            WarningSource.Cpuid => "CPUID"u8,
            WarningSource.Cpu => "CPU"u8,
            WarningSource.Cluster => "cluster"u8,
            WarningSource.Archive => "boot archive"u8,
            _ => "command line"u8,
        };

    public static ReadOnlySpan<byte> Of(WarningReason reason) =>
        reason switch
        {
            WarningReason.Missing => "is missing"u8,
            WarningReason.TooShort => "is too short"u8,
            WarningReason.BadSignature => "has a wrong signature"u8,
            WarningReason.BadLength => "has a wrong length"u8,
            WarningReason.BadChecksum => "has a wrong checksum"u8,
            WarningReason.BadEntry => "has a broken entry"u8,
            WarningReason.EmptyRange => "names an empty range"u8,
            WarningReason.OverlappingRanges => "names a range that overlaps another"u8,
            WarningReason.UnnamedMemory => "does not name the node of some memory; it goes to the first"u8,
            WarningReason.MemoryOutOfReach => "has memory that bootstrap can't reach; it is left out"u8,
            WarningReason.BeyondKernel => "has more memory than one kernel can name; it is left out"u8,
            WarningReason.PiecesLost => "has its memory in more pieces than there is room for; some are left out"u8,
            WarningReason.TooManyRanges =>
                "names more ranges than there is room for; the memory of some goes to the first node"u8,
            WarningReason.TooManyNodes =>
                "names more nodes than there is room for; the memory of some goes to the first"u8,
            WarningReason.TooManyCpus => "names more CPUs than there is room for; some are left out"u8,
            WarningReason.OtherLocalApic => "names another place for the local APIC than the CPU itself"u8,
            WarningReason.DuplicateCpu => "names a CPU twice"u8,
            WarningReason.MissingBootCpu => "does not name the boot CPU"u8,
            WarningReason.ApicIdTooLarge => "names a CPU that an xAPIC can't address; it is left out"u8,
            WarningReason.CpuWithoutNode => "does not name the node of a CPU; it goes to the first"u8,
            WarningReason.NoAnswer => "does not answer; it is left out"u8,
            WarningReason.LacksFeatures => "lacks "u8,
            WarningReason.BadDistance => "has a distance that can't be"u8,
            WarningReason.DomainNotCovered => "does not cover a node"u8,
            WarningReason.NoDomain => "gives a node the number that stands for none; the entry is not used"u8,
            WarningReason.NonVolatile =>
                "names memory as non-volatile that is ordinary in the memory map; it is left out"u8,
            WarningReason.TooManyIoApics => "names more I/O APICs than there is room for; some are left out"u8,
            WarningReason.TooManyOverrides =>
                "names more interrupts that are routed otherwise than there is room for; some are left out"u8,
            WarningReason.IoApicElsewhere =>
                "names an I/O APIC where memory or the local APIC lies, or nothing can; it is left out"u8,
            WarningReason.NoIoApic => "names an I/O APIC that does not answer; it is left out"u8,
            WarningReason.DuplicateIoApic => "names an I/O APIC twice; the first is used"u8,
            WarningReason.InterruptsOfAnother =>
                "names an I/O APIC for interrupts that are another's; it is left out"u8,
            WarningReason.OutOfReach => "lies beyond what bootstrap can reach; it is not used"u8,
            WarningReason.LiesElsewhere => "lies where memory or the local APIC lies; it is not used"u8,
            WarningReason.Doubled => "is there more than once; the first is used"u8,
            WarningReason.NamesNoNode => "names no node; it is not used"u8,
            WarningReason.NamesNothing => "names no table"u8,
            WarningReason.TooLong => "is longer than the nodes that it names need; the rest is not read"u8,
            WarningReason.ClockStands => "does not run"u8,
            WarningReason.ClockDisagrees => "gives another speed of the time-stamp counter than is used"u8,
            WarningReason.TooLittleMemory => "has too little memory in one piece; its CPUs stay unused"u8,
            WarningReason.GaveWay => "gives its memory to the boot CPU's cluster; its CPUs stay unused"u8,
            WarningReason.MemoryElsewhere =>
                "has too little memory in one piece where it is nearest; its kernel lies on another node"u8,
            WarningReason.ClusterDivided => "would have more CPUs than one kernel runs; it is divided"u8,
            WarningReason.NoSuchCluster => "names a cluster that is not there"u8,
            WarningReason.NoChecksums => "has no list of checksums; damage inside its files is not seen"u8,
            _ => "has a value that nothing knows"u8,
        };

    /// <summary>What the number beside the reason is; empty: it says nothing.</summary>
    public static ReadOnlySpan<byte> DetailName(WarningReason reason) =>
        reason switch
        {
            WarningReason.BadEntry => "at offset"u8,
            WarningReason.EmptyRange or WarningReason.OverlappingRanges or WarningReason.OtherLocalApic =>
                "at address"u8,
            WarningReason.IoApicElsewhere or WarningReason.NoIoApic or WarningReason.DuplicateIoApic => "at address"u8,
            WarningReason.InterruptsOfAnother or WarningReason.OutOfReach => "at address"u8,
            WarningReason.LiesElsewhere => "at address"u8,
            WarningReason.MemoryOutOfReach or WarningReason.BeyondKernel or WarningReason.PiecesLost => "bytes"u8,
            WarningReason.TooManyRanges or WarningReason.TooManyNodes or WarningReason.UnnamedMemory => "bytes"u8,
            WarningReason.TooLong or WarningReason.NonVolatile => "bytes"u8,
            WarningReason.TooManyCpus or WarningReason.ClusterDivided => "CPUs"u8,
            WarningReason.DuplicateCpu or WarningReason.MissingBootCpu => "APIC id"u8,
            WarningReason.ApicIdTooLarge or WarningReason.CpuWithoutNode or WarningReason.NoAnswer => "APIC id"u8,
            WarningReason.LacksFeatures => "APIC id"u8,
            WarningReason.TooLittleMemory or WarningReason.GaveWay or WarningReason.MemoryElsewhere =>
                "first APIC id"u8,
            WarningReason.BadDistance => "entry"u8,
            WarningReason.DomainNotCovered or WarningReason.NoDomain => "proximity domain"u8,
            WarningReason.TooManyIoApics or WarningReason.TooManyOverrides => "entries"u8,
            WarningReason.Doubled => "tables"u8,
            WarningReason.ClockDisagrees => "Hz"u8,
            _ => default,
        };

    /// <summary>Whether the numbers of several are one number: bytes, or how many are left out.</summary>
    public static bool IsSum(WarningReason reason) =>
        reason switch
        {
            WarningReason.MemoryOutOfReach or WarningReason.BeyondKernel or WarningReason.PiecesLost => true,
            WarningReason.TooManyRanges or WarningReason.TooManyNodes or WarningReason.UnnamedMemory => true,
            WarningReason.TooManyCpus or WarningReason.NonVolatile => true,
            WarningReason.TooManyIoApics or WarningReason.TooManyOverrides => true,
            _ => false,
        };
}
