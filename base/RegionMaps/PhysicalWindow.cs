namespace Skerry.Base.RegionMaps;

/// <summary>Physical addresses that memory may be taken from; the default is all.</summary>
public readonly struct PhysicalWindow(ulong start, ulong end)
{
    public ulong Start { get; } = start;

    /// <summary>The address behind the last.</summary>
    public ulong End { get; } = end;

    public bool IsEverywhere => End == 0;
}
