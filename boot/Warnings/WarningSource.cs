namespace Skerry.Boot.Warnings;

/// <summary>Which part of the machine's description a warning is about.</summary>
public enum WarningSource : byte
{
    Memory,
    Rsdp,
    Xsdt,
    Rsdt,
    Madt,
    Srat,
    Slit,
    Hmat,
    Hpet,
    AcpiTimer,
    IntervalTimer,
    Cpuid,
    Cpu,
    Cluster,
    CommandLine,
    Archive,
}
