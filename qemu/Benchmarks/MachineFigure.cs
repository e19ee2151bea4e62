using System.Text.Json.Serialization;

namespace Skerry.Qemu.Benchmarks;

/// <summary>What was measured of one operation on one machine. The fields come first in the files of record.</summary>
public abstract record MachineFigure
{
    [JsonPropertyOrder(-1)]
    public required string Name { get; init; }

    /// <summary>"instructions" where QEMU counts them, else "ticks".</summary>
    [JsonPropertyOrder(-1)]
    public required string Unit { get; init; }

    /// <summary>Name of a <see cref="KernelMachine"/> or <see cref="ServersMachine"/>.</summary>
    [JsonPropertyOrder(-1)]
    public required string Machine { get; init; }

    /// <summary>Samples.</summary>
    [JsonPropertyOrder(-1)]
    public required int N { get; init; }

    /// <summary>The row and the machine.</summary>
    public sealed override string ToString() => $"{Name} on {Machine}";
}
