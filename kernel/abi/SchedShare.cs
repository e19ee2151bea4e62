namespace Skerry.Abi;

/// <summary>Parts of a CPU's time, in millionths of it.</summary>
public static class SchedShare
{
    /// <summary>The whole CPU: no limit. What a control of the whole hands out is not counted.</summary>
    public const uint Whole = 1_000_000;

    /// <summary>How many controls can be derived one from another, the kernel's own not counted.</summary>
    public const uint MaximumDepth = 7;

    /// <summary>The share of a budget in each period, both in the same unit, rounded up; a period of 0 is the whole.</summary>
    public static uint Of(ulong budget, ulong period) =>
        period == 0 ? Whole : (uint)((budget * Whole + period - 1) / period);
}
