using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

/// <summary>Instructions that have no C# spelling. The recursion is how ilc recognises an intrinsic.</summary>
[Intrinsic]
public abstract class X86Base
{
    public static bool IsSupported
    {
        [Intrinsic]
        get => IsSupported;
    }

    [Intrinsic]
    public static void Pause() => Pause();

    [Intrinsic]
    public abstract class X64
    {
        [Intrinsic]
        internal static ulong BitScanForward(ulong value) => BitScanForward(value);

        [Intrinsic]
        internal static ulong BitScanReverse(ulong value) => BitScanReverse(value);
    }
}

[Intrinsic]
public abstract class Popcnt
{
    [Intrinsic]
    public abstract class X64
    {
        [Intrinsic]
        public static ulong PopCount(ulong value) => PopCount(value);
    }
}
