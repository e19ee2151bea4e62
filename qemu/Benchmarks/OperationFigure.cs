namespace Skerry.Qemu.Benchmarks;

/// <summary>What one operation cost, over all runs of it in one boot.</summary>
public abstract record OperationFigure : MachineFigure
{
    public required long Min { get; init; }

    public required long Median { get; init; }

    public required long P99 { get; init; }
}
