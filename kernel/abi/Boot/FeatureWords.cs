using System.Runtime.CompilerServices;

namespace Skerry.Abi.Boot;

/// <summary>What CPUID tells of a processor's features, as it lies one word behind the other in memory.</summary>
[InlineArray(Count)]
public struct FeatureWords
{
    public const int Count = (int)FeatureWord.AddressBits + 1;

    private uint _word;
}
