using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Skerry.Qemu.Benchmarks;

/// <summary>
/// The longest waits of record (<c>docs/figures/latency.json</c>). What is guarded is the bound, not the figures.
/// </summary>
public sealed record LatencyRecord
{
    /// <summary>Instructions that a thread of the highest priority waits at most, whatever the kernel does.</summary>
    public const int Bound = 20_000;

    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>ISO 8601.</summary>
    public required string Date { get; init; }

    /// <summary>The commit that was measured, or the one before it with "+" if sources had changed since.</summary>
    public required string Commit { get; init; }

    public required IReadOnlyList<LatencyFigure> Figures { get; init; }

    public static string PathIn(Repository repository) =>
        Path.Combine(repository.Root, "docs", "figures", "latency.json");

    public static LatencyRecord Read(string path) =>
        JsonSerializer.Deserialize<LatencyRecord>(File.ReadAllText(path), _options)!;

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, _options) + "\n");

    /// <summary>
    /// What is not as it should be on a machine: a wait beyond the bound, or, where the record has one beyond it already,
    /// beyond that; a row of the record that is gone; one that nobody has recorded.
    /// </summary>
    /// <returns>A line for each; empty if all is well.</returns>
    public IReadOnlyList<string> Faults(IReadOnlyList<LatencyFigure> measured, string machine)
    {
        LatencyFigure[] recorded = [.. Figures.Where(figure => figure.Machine == machine)];
        var now = measured.ToDictionary(figure => figure.Name);
        IEnumerable<string> gone = recorded
            .Where(figure => !now.ContainsKey(figure.Name))
            .Select(figure => $"{figure.Name} on {machine}: recorded {figure.Longest}, not measured");
        IEnumerable<string> unknown = measured
            .Where(figure => recorded.All(known => known.Name != figure.Name))
            .Select(figure => $"{figure.Name} on {machine}: not on record, measured {figure.Longest}");
        IEnumerable<string> late = recorded
            .Where(figure => now.TryGetValue(figure.Name, out LatencyFigure? row) && row.Longest > Allowed(figure))
            .Select(figure => $"{figure.Name} on {machine}: {now[figure.Name].Longest}, allowed {Allowed(figure)}");
        return [.. gone, .. unknown, .. late];
    }

    private static long Allowed(LatencyFigure recorded) => recorded.Longest > Bound ? recorded.Longest : Bound;
}
