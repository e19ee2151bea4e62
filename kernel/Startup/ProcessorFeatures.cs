using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Startup;

/// <summary>What CPUID says that the kernel uses if it is there (Intel SDM vol. 2A, CPUID).</summary>
internal readonly unsafe struct ProcessorFeatures
{
    // Leaf 1 ecx, leaf 7 ebx and ecx.
    private const uint Pcid = 1u << 17;
    private const uint TscDeadline = 1u << 24;
    private const uint Xsave = 1u << 26;
    private const uint Avx = 1u << 28;
    private const uint Smep = 1u << 7;
    private const uint Smap = 1u << 20;
    private const uint Umip = 1u << 2;

    // Extended leaf 1 edx.
    private const uint ExtendedLeaf = 0x8000_0000;
    private const uint GiB1Pages = 1u << 26;

    // IBPB: leaf 7 edx, or extended leaf 8 ebx (AMD APM vol. 3, E.4.7).
    private const uint Ibpb = 1u << 26;
    private const uint AmdIbpb = 1u << 12;
    private const uint AddressSizesLeaf = 0x8000_0008;

    private readonly uint _leaf1Ecx;
    private readonly uint _leaf7Ebx;
    private readonly uint _leaf7Ecx;
    private readonly uint _extendedEdx;
    private readonly bool _hasPredictorBarrier;

    private ProcessorFeatures(uint leaf1Ecx, uint leaf7Ebx, uint leaf7Ecx, uint extendedEdx, bool hasPredictorBarrier)
    {
        _leaf1Ecx = leaf1Ecx;
        _leaf7Ebx = leaf7Ebx;
        _leaf7Ecx = leaf7Ecx;
        _extendedEdx = extendedEdx;
        _hasPredictorBarrier = hasPredictorBarrier;
    }

    public bool HasXsave => (_leaf1Ecx & Xsave) != 0;

    public bool HasAvx => HasXsave && (_leaf1Ecx & Avx) != 0;

    public bool HasTscDeadline => (_leaf1Ecx & TscDeadline) != 0;

    /// <summary>PCIDs.</summary>
    public bool HasProcessContexts => (_leaf1Ecx & Pcid) != 0;

    /// <summary>IBPB.</summary>
    public bool HasPredictorBarrier => _hasPredictorBarrier;

    public bool HasSupervisorExecutionPrevention => (_leaf7Ebx & Smep) != 0;

    public bool HasSupervisorAccessPrevention => (_leaf7Ebx & Smap) != 0;

    public bool HasUserModeInstructionPrevention => (_leaf7Ecx & Umip) != 0;

    /// <summary>Pages of 1 GiB.</summary>
    public bool HasGiB1Pages => (_extendedEdx & GiB1Pages) != 0;

    /// <summary>Of the calling CPU.</summary>
    public static ProcessorFeatures Read()
    {
        uint* words = stackalloc uint[4];
        Hardware.Cpuid(1, 0, words);
        uint leaf1Ecx = words[2];
        Hardware.Cpuid(ExtendedLeaf, 0, words);
        uint extendedEdx = 0;
        if (words[0] > ExtendedLeaf)
        {
            Hardware.Cpuid(ExtendedLeaf + 1, 0, words);
            extendedEdx = words[3];
        }
        bool hasPredictorBarrier = HasAmdPredictorBarrier(words);
        Hardware.Cpuid(0, 0, words);
        if (words[0] < 7)
        {
            return new(leaf1Ecx, 0, 0, extendedEdx, hasPredictorBarrier);
        }
        Hardware.Cpuid(7, 0, words);
        hasPredictorBarrier |= (words[3] & Ibpb) != 0;
        return new(leaf1Ecx, words[1], words[2], extendedEdx, hasPredictorBarrier);
    }

    private static bool HasAmdPredictorBarrier(uint* words)
    {
        Hardware.Cpuid(ExtendedLeaf, 0, words);
        if (words[0] < AddressSizesLeaf)
        {
            return false;
        }
        Hardware.Cpuid(AddressSizesLeaf, 0, words);
        return (words[1] & AmdIbpb) != 0;
    }
}
