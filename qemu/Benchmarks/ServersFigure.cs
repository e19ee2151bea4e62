using System;
using System.Text.Json.Serialization;
using Skerry.Qemu.Machines;

namespace Skerry.Qemu.Benchmarks;

/// <summary>What one operation of core or a vcore cost.</summary>
public sealed record ServersFigure : OperationFigure
{
    public const string CsvHeader = "name,unit,machine,n,min,median,p99";

    /// <summary>Names and machines have neither commas nor quotes, as they are words of a serial line or ours.</summary>
    [JsonIgnore]
    public string CsvLine => FormattableString.Invariant($"{Name},{Unit},{Machine},{N},{Min},{Median},{P99}");

    /// <param name="line">A <c>@bench</c> line (docs/serial-lines.md).</param>
    /// <param name="machine">Where it was printed.</param>
    /// <exception cref="FormatException">A field is missing or is no number.</exception>
    public static ServersFigure Of(RecordLine line, string machine) =>
        new()
        {
            Name = line.Word(0),
            Unit = line.Field("unit"),
            Machine = machine,
            N = (int)line.Number("n"),
            Min = line.Number("min"),
            Median = line.Number("median"),
            P99 = line.Number("p99"),
        };
}
