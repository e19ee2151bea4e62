using Skerry.Boot.Clusters;

namespace Skerry.Boot.Machine;

/// <summary>CPUID of the CPU that runs this.</summary>
internal readonly struct ProcessorCpuid : ICpuid
{
    public static CpuidRegisters Read(uint leaf, uint subleaf) => Processor.Cpuid(leaf, subleaf);

    /// <summary>CPUID.80000001H:EDX[11].</summary>
    public static bool HasSystemCalls => (Processor.Cpuid(0x8000_0001, 0).Edx & 1 << 11) != 0;

    /// <summary>CPUID.80000001H:EDX[26].</summary>
    public static bool HasHugePages => (Processor.Cpuid(0x8000_0001, 0).Edx & 1 << 26) != 0;
}
