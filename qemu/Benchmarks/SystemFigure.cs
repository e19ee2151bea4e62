using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Serialization;
using Skerry.Qemu.Commands;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Machines;

namespace Skerry.Qemu.Benchmarks;

/// <summary>What a component of a system measured: one <c>@bench</c> line and where it came from.</summary>
public sealed record SystemFigure(
    string Name,
    string Unit,
    string Topology,
    string Cluster,
    string Mitigations,
    string System,
    long N,
    long Min,
    long Median,
    long P99
)
{
    /// <summary>What waits for an answer from the other end of a channel.</summary>
    private static readonly string[] _waitsForPeer = ["channel-roundtrip"];

    public const string CsvHeader = "name,unit,topology,cluster,mitigations,system,n,min,median,p99";

    /// <summary>Commas are neither in words of a serial line nor, but for a file's name, in ours.</summary>
    [JsonIgnore]
    public string CsvLine => string.Join(',', Name, Unit, Topology, Cluster, Mitigations, System, N, Min, Median, P99);

    /// <param name="prepared">What ran.</param>
    /// <param name="records">Its lines for programs.</param>
    /// <exception cref="System.FormatException">A field is missing or is no number.</exception>
    public static IEnumerable<SystemFigure> Of(PreparedSystem prepared, IEnumerable<RecordLine> records) =>
        records
            .Where(line => line.Kind == "bench" && MeansSomething(prepared.System, line.Word(0)))
            .Select(line => new SystemFigure(
                line.Word(0),
                line.Field("unit"),
                prepared.Topology.Name,
                PreparedSystem.Word(prepared.Mode),
                PreparedSystem.Word(prepared.Mitigations),
                prepared.SystemName,
                line.Number("n"),
                line.Number("min"),
                line.Number("median"),
                line.Number("p99")
            ));

    /// <summary>
    /// With counted instructions the CPUs take turns of millions: who waits for another CPU counts its turns and not what
    /// an answer costs.
    /// </summary>
    /// <param name="system">That ran.</param>
    /// <param name="name">Of the row.</param>
    public static bool MeansSomething(SystemDescription system, string name) =>
        !_waitsForPeer.Contains(name) || system.Channels.All(system.IsOnOneCpu);
}
