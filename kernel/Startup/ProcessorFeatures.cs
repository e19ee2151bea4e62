using System.Numerics;
using Skerry.Abi.Boot;

namespace Skerry.Kernel.Startup;

/// <summary>
/// What the kernel uses if it is there (Intel SDM vol. 2A, CPUID). No CPU is asked: bootstrap says what all have, those
/// of other clusters too, and knows what the kernel looks for (boot/Features/FeatureList.cs).
/// </summary>
internal readonly struct ProcessorFeatures(FeatureWords words)
{
    // Leaf 1 ecx and edx, leaf 7 ebx and ecx.
    private const uint Pcid = 1u << 17;
    private const uint TscDeadline = 1u << 24;
    private const uint Xsave = 1u << 26;
    private const uint Avx = 1u << 28;
    private const uint MachineChecks = 1u << 7 | 1u << 14; // MCE, MCA
    private const uint Pge = 1u << 13;
    private const uint Mtrr = 1u << 12;
    private const uint Smep = 1u << 7;
    private const uint Smap = 1u << 20;
    private const uint Umip = 1u << 2;

    // State components.
    public const uint X87AndSse = 3;
    public const uint AvxState = 4;

    // Extended leaf 1 edx.
    private const uint GiB1Pages = 1u << 26;
    private const uint Rdtscp = 1u << 27;

    // IBPB: leaf 7 edx, or extended leaf 8 ebx (AMD APM vol. 3, E.4.7).
    private const uint Ibpb = 1u << 26;
    private const uint AmdIbpb = 1u << 12;

    /// <summary>Of an address, beside those that a word of the features counts.</summary>
    private const int UncountedAddressBits = 32;

    private readonly FeatureWords _words = words;

    /// <summary>XSAVE, and the leaf that says of which state: firmware may hide that.</summary>
    public bool HasXsave => Has(FeatureWord.BasicEcx, Xsave) && Has(FeatureWord.StateComponents, X87AndSse);

    public bool HasAvx => HasXsave && Has(FeatureWord.BasicEcx, Avx) && Has(FeatureWord.StateComponents, AvxState);

    public bool HasTscDeadline => Has(FeatureWord.BasicEcx, TscDeadline);

    /// <summary>Machine-check exceptions, and registers that say what happened.</summary>
    public bool HasMachineChecks => Has(FeatureWord.BasicEdx, MachineChecks);

    public bool HasMemoryTypeRanges => Has(FeatureWord.BasicEdx, Mtrr);

    public bool HasGlobalPages => Has(FeatureWord.BasicEdx, Pge);

    /// <summary>PCIDs.</summary>
    public bool HasProcessContexts => Has(FeatureWord.BasicEcx, Pcid);

    /// <summary>IBPB.</summary>
    public bool HasPredictorBarrier => Has(FeatureWord.StructuredEdx, Ibpb) || Has(FeatureWord.SizesEbx, AmdIbpb);

    public bool HasSupervisorExecutionPrevention => Has(FeatureWord.StructuredEbx, Smep);

    public bool HasSupervisorAccessPrevention => Has(FeatureWord.StructuredEbx, Smap);

    public bool HasUserModeInstructionPrevention => Has(FeatureWord.StructuredEcx, Umip);

    /// <summary>Pages of 1 GiB.</summary>
    public bool HasGiB1Pages => Has(FeatureWord.ExtendedEdx, GiB1Pages);

    /// <summary>RDTSCP, and so IA32_TSC_AUX.</summary>
    public bool HasAuxiliaryCounterWord => Has(FeatureWord.ExtendedEdx, Rdtscp);

    /// <summary>First physical address that there is not (MAXPHYADDR).</summary>
    public ulong PhysicalEnd =>
        1ul << (UncountedAddressBits + BitOperations.PopCount(_words[(int)FeatureWord.AddressBits]));

    private bool Has(FeatureWord word, uint bits) => (_words[(int)word] & bits) == bits;
}
