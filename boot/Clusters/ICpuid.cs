namespace Skerry.Boot.Clusters;

/// <summary>The CPUID instruction of the CPU that asks, or a table of its results in tests.</summary>
public interface ICpuid
{
    static abstract CpuidRegisters Read(uint leaf, uint subleaf);
}
