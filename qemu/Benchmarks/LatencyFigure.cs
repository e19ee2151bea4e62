using System;
using System.Text.Json.Serialization;
using Skerry.Qemu.Machines;

namespace Skerry.Qemu.Benchmarks;

/// <summary>
/// How long a thread of the highest priority waited at most behind one operation. A sample is a release of the thread.
/// </summary>
public sealed record LatencyFigure : MachineFigure
{
    /// <summary>From the release to the thread's first instructions.</summary>
    public required long Longest { get; init; }

    public const string CsvHeader = "name,unit,machine,n,longest";

    [JsonIgnore]
    public string CsvLine => FormattableString.Invariant($"{Name},{Unit},{Machine},{N},{Longest}");

    /// <param name="line">A <c>@latency</c> line (docs/serial-lines.md).</param>
    /// <param name="machine">Where it was printed.</param>
    /// <exception cref="FormatException">A field is missing or is no number.</exception>
    public static LatencyFigure Of(RecordLine line, string machine) =>
        new()
        {
            Name = line.Word(0),
            Unit = line.Field("unit"),
            Machine = machine,
            N = (int)line.Number("n"),
            Longest = line.Number("longest"),
        };
}
