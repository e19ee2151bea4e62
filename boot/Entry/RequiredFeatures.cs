using System.Collections.Generic;

namespace Skerry.Boot.Entry;

/// <summary>
/// What the images use unasked: a processor that lacks one of these can't run them (Intel SDM vol. 2A, CPUID; the level
/// x86-64-v2 of the System V ABI, 3.1.1). What is used only where it is there, such as AVX, is not among them.
/// </summary>
internal static class RequiredFeatures
{
    public static IReadOnlyList<RequiredFeature> All { get; } =
    [
        // Long mode, and what bootstrap, kernel and compiler take for granted on its processors.
        new("64-bit mode", FeatureWord.ExtendedEdx, 29),
        new("NX", FeatureWord.ExtendedEdx, 20),
        new("FPU", FeatureWord.BasicEdx, 0),
        new("TSC", FeatureWord.BasicEdx, 4),
        new("MSR", FeatureWord.BasicEdx, 5),
        new("PAE", FeatureWord.BasicEdx, 6),
        new("CMPXCHG8B", FeatureWord.BasicEdx, 8),
        new("APIC", FeatureWord.BasicEdx, 9),
        new("CMOV", FeatureWord.BasicEdx, 15),
        new("PAT", FeatureWord.BasicEdx, 16),
        new("FXSR", FeatureWord.BasicEdx, 24),
        new("SSE", FeatureWord.BasicEdx, 25),
        new("SSE2", FeatureWord.BasicEdx, 26),
        // x86-64-v2: the compiler has leave to use it anywhere (build/Image.targets).
        new("SSE3", FeatureWord.BasicEcx, 0),
        new("SSSE3", FeatureWord.BasicEcx, 9),
        new("CMPXCHG16B", FeatureWord.BasicEcx, 13),
        new("SSE4.1", FeatureWord.BasicEcx, 19),
        new("SSE4.2", FeatureWord.BasicEcx, 20),
        new("POPCNT", FeatureWord.BasicEcx, 23),
        new("LAHF", FeatureWord.ExtendedEcx, 0),
    ];

    /// <summary>The bits of a word that have to be set.</summary>
    public static uint Mask(FeatureWord word)
    {
        uint mask = 0;
        foreach (RequiredFeature feature in All)
        {
            mask |= feature.Word == word ? 1u << feature.Bit : 0;
        }
        return mask;
    }
}

/// <summary>A feature by its usual name, and the bit of CPUID that tells it.</summary>
internal sealed record RequiredFeature(string Name, FeatureWord Word, int Bit);

/// <summary>The registers of CPUID that tell features, as they lie one behind the other in memory.</summary>
internal enum FeatureWord
{
    // Leaf 1.
    BasicEcx,
    BasicEdx,

    // Leaf 0x80000001.
    ExtendedEcx,
    ExtendedEdx,
}
