using System.Runtime.CompilerServices;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// Numbers that are given in turn, and begin anew after a million. Which of two is later is right as long as no more than half
/// as many were given in between. A mark is a number that can be told from none, which is 0.
/// </summary>
internal static class Sequence
{
    public const int Bits = 20;

    /// <summary>Of a mark.</summary>
    public const int MarkBits = Bits + 1;

    private const uint Mask = (1u << Bits) - 1;
    private const uint Marked = 1u << Bits;

    public static uint Next(uint number) => (number + 1) & Mask;

    public static uint MarkOf(uint number) => Marked | number;

    /// <summary>Whether the number, or mark, was given after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsLater(uint number, uint other) => ((number - other - 1) & Mask) < Mask / 2;
}
