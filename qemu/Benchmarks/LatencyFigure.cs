using System;
using System.Globalization;
using Skerry.Qemu.Machines;

namespace Skerry.Qemu.Benchmarks;

/// <summary>How long a thread of the highest priority waited at most behind one operation of the kernel, on one machine.</summary>
public sealed record LatencyFigure
{
    public required string Name { get; init; }

    /// <summary>"instructions" where QEMU counts them, else "ticks".</summary>
    public required string Unit { get; init; }

    /// <summary>A <see cref="KernelMachine"/>'s name.</summary>
    public required string Machine { get; init; }

    /// <summary>How often the thread was released.</summary>
    public required int N { get; init; }

    /// <summary>From the release to the thread's first instructions.</summary>
    public required long Longest { get; init; }

    /// <param name="line">A <c>@latency</c> line (docs/serial-lines.md).</param>
    /// <param name="machine">Where it was printed.</param>
    /// <exception cref="FormatException">A field is missing or is no number.</exception>
    public static LatencyFigure Of(RecordLine line, string machine) =>
        new()
        {
            Name = line.Word(0),
            Unit = Text(line, "unit"),
            Machine = machine,
            N = (int)Number(line, "n"),
            Longest = Number(line, "longest"),
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
