using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace System.Numerics;

/// <summary>Bit counts and scans; every image requires x86-64-v2 and so POPCNT.</summary>
public static class BitOperations
{
    /// <summary>Index of the lowest set bit; 64 for zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeroCount(ulong value) => value == 0 ? 64 : (int)X86Base.X64.BitScanForward(value);

    /// <summary>Count of zero bits above the highest set bit; 64 for zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LeadingZeroCount(ulong value) => value == 0 ? 64 : 63 - (int)X86Base.X64.BitScanReverse(value);

    /// <summary>Index of the highest set bit; 0 for zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Log2(ulong value) => (int)X86Base.X64.BitScanReverse(value | 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PopCount(ulong value) => (int)Popcnt.X64.PopCount(value);

    public static bool IsPow2(ulong value) => value != 0 && (value & (value - 1)) == 0;

    public static ulong RoundUpToPowerOf2(ulong value) => value <= 1 ? value : 1ul << (Log2(value - 1) + 1);
}
