using System.Numerics;

namespace Skerry.Base.Memory;

/// <summary>Runs of bits within a word: a set bit is a place that is free.</summary>
internal static class BitRuns
{
    public const int WordBits = 64;

    /// <param name="count">Of bits, from the lowest on; less than a word.</param>
    public static ulong Mask(int count) => (1ul << count) - 1;

    /// <summary>Lowest bit that begins a run of set bits within the word; 64 if there is none.</summary>
    public static int Find(ulong word, int count)
    {
        for (int i = 1; i < count; i++)
        {
            word &= word >> 1;
        }
        return BitOperations.TrailingZeroCount(word);
    }
}
