using System;
using System.Text.Json.Serialization;
using Skerry.Qemu.Machines;

namespace Skerry.Qemu.Benchmarks;

/// <summary>What one operation of core or a vcore cost.</summary>
public sealed record ServersFigure : OperationFigure
{
    /// <summary>
    /// How deep the tree of regions is that a component begins with is drawn in each boot: its place is up to three levels
    /// more, at some 50 instructions each on the way in and out.
    /// </summary>
    private const int AllowanceOfTrees = 8;

    public const string CsvHeader = "name,unit,machine,n,min,median,p99";

    /// <summary>Names and machines have neither commas nor quotes, as they are words of a serial line or ours.</summary>
    [JsonIgnore]
    public string CsvLine => FormattableString.Invariant($"{Name},{Unit},{Machine},{N},{Min},{Median},{P99}");

    internal override int Allowance =>
        Name is "attach" or "detach" or "attach-detach" ? AllowanceOfTrees : base.Allowance;

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
