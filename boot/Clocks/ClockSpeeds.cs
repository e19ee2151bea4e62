namespace Skerry.Boot.Clocks;

/// <summary>What is measured, in ticks a second.</summary>
public struct ClockSpeeds
{
    // No processor of x86-64-v2 is outside of this, nor an emulated one: QEMU's counters run at 1 GHz or as the host's.
    public const ulong LeastTsc = 500_000_000;
    private const ulong LeastApicTimer = 1_000_000;
    private const ulong Most = 20_000_000_000;

    public ulong TscHertz;
    public ulong ApicTimerHertz;

    public readonly bool ArePlausible =>
        TscHertz is >= LeastTsc and <= Most && ApicTimerHertz is >= LeastApicTimer and <= Most;

    /// <summary>Whether both differ by no more than one part in so many.</summary>
    public readonly bool Agree(ClockSpeeds other, ulong parts) =>
        Agree(TscHertz, other.TscHertz, parts) && Agree(ApicTimerHertz, other.ApicTimerHertz, parts);

    private static bool Agree(ulong one, ulong other, ulong parts) =>
        one > other ? one - other <= other / parts : other - one <= one / parts;
}
