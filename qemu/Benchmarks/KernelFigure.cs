using System;
using System.Globalization;
using System.Text.Json.Serialization;
using Skerry.Qemu.Machines;

namespace Skerry.Qemu.Benchmarks;

/// <summary>What one operation of the kernel cost on one machine. The first seven are the fields of kernel.json.</summary>
public sealed record KernelFigure
{
    public required string Name { get; init; }

    /// <summary>"instructions" where QEMU counts them, else "ticks".</summary>
    public required string Unit { get; init; }

    /// <summary>A <see cref="KernelMachine"/>'s name.</summary>
    public required string Machine { get; init; }

    /// <summary>Samples.</summary>
    public required int N { get; init; }

    public required long Min { get; init; }

    public required long Median { get; init; }

    public required long P99 { get; init; }

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
            Unit = Text(line, "unit"),
            Machine = machine,
            N = (int)Number(line, "n"),
            Min = Number(line, "min"),
            Median = Number(line, "median"),
            P99 = Number(line, "p99"),
            User = Number(line, "user"),
            Kernel = Number(line, "kernel"),
        };

    private static string Text(RecordLine line, string field) =>
        line.Fields.TryGetValue(field, out string? value)
            ? value
            : throw new FormatException($"\"{line}\" has no field {field}");

    private static long Number(RecordLine line, string field) =>
        long.TryParse(Text(line, field), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new FormatException($"\"{line}\": {field} is no number");
}
