namespace Skerry.Apps.KernelFuzz;

/// <summary>
/// Numbers from a seed (SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators"). The state lies
/// in the worker's record, so the sequence goes on when the worker is started anew.
/// </summary>
internal static class Draw
{
    public static ulong Next(ref ulong state)
    {
        state += 0x9e37_79b9_7f4a_7c15ul;
        return Mix(state);
    }

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58_476d_1ce4_e5b9ul;
        value = (value ^ (value >> 27)) * 0x94d0_49bb_1331_11ebul;
        return value ^ (value >> 31);
    }

    public static uint Below(ref ulong state, uint bound) => (uint)((Next(ref state) >> 32) * bound >> 32);

    /// <summary>True once in so many times.</summary>
    public static bool Once(ref ulong state, uint times) => Below(ref state, times) == 0;
}
