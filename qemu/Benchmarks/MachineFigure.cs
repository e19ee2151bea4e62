using System.Text.Json.Serialization;

namespace Skerry.Qemu.Benchmarks;

/// <summary>What was measured of one operation of the kernel on one machine. The fields come first in the files of record.</summary>
public abstract record MachineFigure
{
    [JsonPropertyOrder(-1)]
    public required string Name { get; init; }

    /// <summary>"instructions" where QEMU counts them, else "ticks".</summary>
    [JsonPropertyOrder(-1)]
    public required string Unit { get; init; }

    /// <summary>A <see cref="KernelMachine"/>'s name.</summary>
    [JsonPropertyOrder(-1)]
    public required string Machine { get; init; }

    /// <summary>Samples.</summary>
    [JsonPropertyOrder(-1)]
    public required int N { get; init; }

    /// <summary>The row and the machine.</summary>
    public sealed override string ToString() => $"{Name} on {Machine}";
}
