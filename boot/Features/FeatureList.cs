using Skerry.Abi.Boot;

namespace Skerry.Boot.Features;

/// <summary>
/// Every feature that an image looks for or takes for granted (Intel SDM vol. 2A, CPUID; the level x86-64-v2 of the System
/// V ABI, 3.1.1). The kernels are told of no other.
/// </summary>
public static class FeatureList
{
    public const int Count = 40;

    /// <summary>State components of XSAVE: x87 and SSE, AVX (Intel SDM vol. 1, 13.1).</summary>
    private const uint X87AndSse = 3;
    private const uint AvxState = 4;

    /// <param name="index">Below <see cref="Count"/>.</param>
    public static Feature At(int index) =>
        index switch
        {
            // Long mode, and what bootstrap, kernel and compiler take for granted on its processors.
            0 => new("64-bit mode"u8, FeatureWord.ExtendedEdx, 1u << 29, FeatureUse.Required),
            1 => new("NX"u8, FeatureWord.ExtendedEdx, 1 << 20, FeatureUse.Required),
            2 => new("FPU"u8, FeatureWord.BasicEdx, 1 << 0, FeatureUse.Required),
            3 => new("TSC"u8, FeatureWord.BasicEdx, 1 << 4, FeatureUse.Required),
            4 => new("MSR"u8, FeatureWord.BasicEdx, 1 << 5, FeatureUse.Required),
            5 => new("PAE"u8, FeatureWord.BasicEdx, 1 << 6, FeatureUse.Required),
            6 => new("CMPXCHG8B"u8, FeatureWord.BasicEdx, 1 << 8, FeatureUse.Required),
            7 => new("APIC"u8, FeatureWord.BasicEdx, 1 << 9, FeatureUse.Required),
            8 => new("CMOV"u8, FeatureWord.BasicEdx, 1 << 15, FeatureUse.Required),
            9 => new("PAT"u8, FeatureWord.BasicEdx, 1 << 16, FeatureUse.Required),
            10 => new("FXSR"u8, FeatureWord.BasicEdx, 1 << 24, FeatureUse.Required),
            11 => new("SSE"u8, FeatureWord.BasicEdx, 1 << 25, FeatureUse.Required),
            12 => new("SSE2"u8, FeatureWord.BasicEdx, 1 << 26, FeatureUse.Required),
            // x86-64-v2: the compiler has leave to use it anywhere (build/Image.targets).
            13 => new("SSE3"u8, FeatureWord.BasicEcx, 1 << 0, FeatureUse.Required),
            14 => new("SSSE3"u8, FeatureWord.BasicEcx, 1 << 9, FeatureUse.Required),
            15 => new("CMPXCHG16B"u8, FeatureWord.BasicEcx, 1 << 13, FeatureUse.Required),
            16 => new("SSE4.1"u8, FeatureWord.BasicEcx, 1 << 19, FeatureUse.Required),
            17 => new("SSE4.2"u8, FeatureWord.BasicEcx, 1 << 20, FeatureUse.Required),
            18 => new("POPCNT"u8, FeatureWord.BasicEcx, 1 << 23, FeatureUse.Required),
            19 => new("LAHF"u8, FeatureWord.ExtendedEcx, 1 << 0, FeatureUse.Required),
            20 => new("SYSCALL"u8, FeatureWord.ExtendedEdx, 1 << 11, FeatureUse.RequiredInLongMode),
            // What bootstrap and kernel use where it is.
            21 => new("PCID"u8, FeatureWord.BasicEcx, 1 << 17, FeatureUse.UsedIfThere),
            22 => new("x2APIC"u8, FeatureWord.BasicEcx, 1 << 21, FeatureUse.UsedIfThere),
            23 => new("TSC deadline"u8, FeatureWord.BasicEcx, 1 << 24, FeatureUse.UsedIfThere),
            24 => new("XSAVE"u8, FeatureWord.BasicEcx, 1 << 26, FeatureUse.UsedIfThere),
            25 => new("AVX"u8, FeatureWord.BasicEcx, 1 << 28, FeatureUse.UsedIfThere),
            26 => new("MCE"u8, FeatureWord.BasicEdx, 1 << 7, FeatureUse.UsedIfThere),
            27 => new("MTRR"u8, FeatureWord.BasicEdx, 1 << 12, FeatureUse.UsedIfThere),
            28 => new("PGE"u8, FeatureWord.BasicEdx, 1 << 13, FeatureUse.UsedIfThere),
            29 => new("MCA"u8, FeatureWord.BasicEdx, 1 << 14, FeatureUse.UsedIfThere),
            30 => new("1-GiB pages"u8, FeatureWord.ExtendedEdx, 1 << 26, FeatureUse.UsedIfThere),
            31 => new("RDTSCP"u8, FeatureWord.ExtendedEdx, 1 << 27, FeatureUse.UsedIfThere),
            32 => new("SMEP"u8, FeatureWord.StructuredEbx, 1 << 7, FeatureUse.UsedIfThere),
            33 => new("SMAP"u8, FeatureWord.StructuredEbx, 1 << 20, FeatureUse.UsedIfThere),
            34 => new("UMIP"u8, FeatureWord.StructuredEcx, 1 << 2, FeatureUse.UsedIfThere),
            // IBPB, by the bit that Intel has for it, and by AMD's.
            35 => new("SPEC_CTRL"u8, FeatureWord.StructuredEdx, 1 << 26, FeatureUse.UsedIfThere),
            36 => new("IBPB"u8, FeatureWord.SizesEbx, 1 << 12, FeatureUse.UsedIfThere),
            37 => new("XSAVE's x87 and SSE"u8, FeatureWord.StateComponents, X87AndSse, FeatureUse.UsedIfThere),
            38 => new("XSAVE's AVX"u8, FeatureWord.StateComponents, AvxState, FeatureUse.UsedIfThere),
            _ => new("physical address bits"u8, FeatureWord.AddressBits, uint.MaxValue, FeatureUse.UsedIfThere),
        };

    /// <summary>The bits of a word that have this use.</summary>
    public static uint Mask(FeatureWord word, FeatureUse use)
    {
        uint mask = 0;
        for (int i = 0; i < Count; i++)
        {
            Feature feature = At(i);
            mask |= feature.Word == word && feature.Use == use ? feature.Mask : 0;
        }
        return mask;
    }

    /// <summary>The features, bit by index, that have a bit among these.</summary>
    public static ulong With(in FeatureWords bits)
    {
        ulong features = 0;
        for (int i = 0; i < Count; i++)
        {
            Feature feature = At(i);
            features |= (bits[(int)feature.Word] & feature.Mask) != 0 ? 1ul << i : 0;
        }
        return features;
    }
}
