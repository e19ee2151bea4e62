using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Startup;

/// <summary>What CPUID says that the kernel uses if it is there (Intel SDM vol. 2A, CPUID).</summary>
internal readonly unsafe struct ProcessorFeatures
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

    // Leaf 0xd, subleaf 0 eax: state components; of subleaf 1 eax, what of XSAVE's kin there is.
    private const uint StateLeaf = 0xd;
    public const uint X87AndSse = 3;
    public const uint AvxState = 4;

    // Extended leaf 1 edx.
    private const uint ExtendedLeaf = 0x8000_0000;
    private const uint GiB1Pages = 1u << 26;
    private const uint Rdtscp = 1u << 27;

    // IBPB: leaf 7 edx, or extended leaf 8 ebx (AMD APM vol. 3, E.4.7).
    private const uint Ibpb = 1u << 26;
    private const uint AmdIbpb = 1u << 12;

    private const uint AddressSizesLeaf = 0x8000_0008;
    private const uint AddressBitsMask = 0xff;

    /// <summary>Where no leaf says it (Intel SDM vol. 3A, 4.1.4).</summary>
    private const uint LeastAddressBits = 36;

    private readonly uint _leaf1Ecx;
    private readonly uint _leaf1Edx;
    private readonly uint _leaf7Ebx;
    private readonly uint _leaf7Ecx;
    private readonly uint _leaf7Edx;
    private readonly uint _stateComponents;
    private readonly uint _extendedEdx;
    private readonly uint _sizesEbx;
    private readonly uint _addressBits;

    private ProcessorFeatures(uint* words)
    {
        Hardware.Cpuid(0, 0, words);
        uint lastLeaf = words[0];
        Hardware.Cpuid(1, 0, words);
        _leaf1Ecx = words[2];
        _leaf1Edx = words[3];
        if (lastLeaf >= 7)
        {
            Hardware.Cpuid(7, 0, words);
            _leaf7Ebx = words[1];
            _leaf7Ecx = words[2];
            _leaf7Edx = words[3];
        }
        if (lastLeaf >= StateLeaf)
        {
            Hardware.Cpuid(StateLeaf, 1, words);
            bool hasKin = words[0] != 0;
            Hardware.Cpuid(StateLeaf, 0, words);
            _stateComponents = hasKin ? words[0] : 0;
        }
        Hardware.Cpuid(ExtendedLeaf, 0, words);
        uint lastExtended = words[0];
        if (lastExtended > ExtendedLeaf)
        {
            Hardware.Cpuid(ExtendedLeaf + 1, 0, words);
            _extendedEdx = words[3];
        }
        _addressBits = LeastAddressBits;
        if (lastExtended >= AddressSizesLeaf)
        {
            Hardware.Cpuid(AddressSizesLeaf, 0, words);
            _addressBits = words[0] & AddressBitsMask;
            _sizesEbx = words[1];
        }
    }

    /// <summary>
    /// XSAVE, and the leaf that says of which state: firmware may hide that. A processor that has none of its kin
    /// (XSAVEOPT, XSAVEC) counts as one without: QEMU emulates none such, and stands still at CR4.OSXSAVE of its models.
    /// </summary>
    public bool HasXsave => (_leaf1Ecx & Xsave) != 0 && (_stateComponents & X87AndSse) == X87AndSse;

    public bool HasAvx => HasXsave && (_leaf1Ecx & Avx) != 0 && (_stateComponents & AvxState) != 0;

    public bool HasTscDeadline => (_leaf1Ecx & TscDeadline) != 0;

    /// <summary>Machine-check exceptions, and registers that say what happened.</summary>
    public bool HasMachineChecks => (_leaf1Edx & MachineChecks) == MachineChecks;

    public bool HasMemoryTypeRanges => (_leaf1Edx & Mtrr) != 0;

    public bool HasGlobalPages => (_leaf1Edx & Pge) != 0;

    /// <summary>PCIDs.</summary>
    public bool HasProcessContexts => (_leaf1Ecx & Pcid) != 0;

    /// <summary>IBPB.</summary>
    public bool HasPredictorBarrier => (_leaf7Edx & Ibpb) != 0 || (_sizesEbx & AmdIbpb) != 0;

    public bool HasSupervisorExecutionPrevention => (_leaf7Ebx & Smep) != 0;

    public bool HasSupervisorAccessPrevention => (_leaf7Ebx & Smap) != 0;

    public bool HasUserModeInstructionPrevention => (_leaf7Ecx & Umip) != 0;

    /// <summary>Pages of 1 GiB.</summary>
    public bool HasGiB1Pages => (_extendedEdx & GiB1Pages) != 0;

    /// <summary>RDTSCP, and so IA32_TSC_AUX.</summary>
    public bool HasAuxiliaryCounterWord => (_extendedEdx & Rdtscp) != 0;

    /// <summary>First physical address that there is not (MAXPHYADDR).</summary>
    public ulong PhysicalEnd => 1ul << (int)_addressBits;

    /// <summary>Of the calling CPU.</summary>
    public static ProcessorFeatures Read()
    {
        uint* words = stackalloc uint[4];
        return new(words);
    }
}
