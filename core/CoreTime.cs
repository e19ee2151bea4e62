namespace Skerry.Core;

/// <summary>When a thread of core's own runs.</summary>
/// <param name="priority">0 is the lowest.</param>
/// <param name="budget">Microseconds in each period.</param>
/// <param name="period">Microseconds; 0: the budget is a turn among equals.</param>
public readonly struct CoreTime(uint priority, ulong budget, ulong period)
{
    public uint Priority { get; } = priority;

    public ulong Budget { get; } = budget;

    public ulong Period { get; } = period;
}
