using System;
using System.Text.Json.Serialization;
using Skerry.Qemu.Machines;

namespace Skerry.Qemu.Benchmarks;

/// <summary>What one operation cost. The first seven are the fields of kernel.json.</summary>
public sealed record KernelFigure : OperationFigure
{
    /// <summary>What the user level took of the median.</summary>
    [JsonIgnore]
    public long User { get; init; }

    /// <summary>What is left of the median.</summary>
    [JsonIgnore]
    public long Kernel { get; init; }

    /// <param name="line">A <c>@bench</c> line (docs/serial-lines.md).</param>
    /// <param name="machine">Where it was printed.</param>
    /// <exception cref="FormatException">A field is missing or is no number.</exception>
    public static KernelFigure Of(RecordLine line, string machine) =>
        new()
        {
            Name = line.Word(0),
            Unit = line.Field("unit"),
            Machine = machine,
            N = (int)line.Number("n"),
            Min = line.Number("min"),
            Median = line.Number("median"),
            P99 = line.Number("p99"),
            User = line.Number("user"),
            Kernel = line.Number("kernel"),
        };
}
