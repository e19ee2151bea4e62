using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Skerry.Qemu.Benchmarks;

/// <summary>
/// The figures of record: what the operations cost at a commit (<c>docs/figures/kernel.json</c>). A test holds each
/// later commit to them.
/// </summary>
public sealed record KernelRecord
{
    /// <summary>How much a median may grow, in hundredths of what is recorded.</summary>
    public const int Allowance = 2;

    private const int Hundred = 100;

    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>ISO 8601.</summary>
    public required string Date { get; init; }

    /// <summary>The commit that was measured, or the one before it with "+" if sources had changed since.</summary>
    public required string Commit { get; init; }

    public required IReadOnlyList<KernelFigure> Figures { get; init; }

    public static string PathIn(Repository repository) =>
        Path.Combine(repository.Root, "docs", "figures", "kernel.json");

    public static KernelRecord Read(string path) => Parse(File.ReadAllText(path));

    /// <exception cref="JsonException">It is no record.</exception>
    public static KernelRecord Parse(string text) => JsonSerializer.Deserialize<KernelRecord>(text, _options)!;

    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(this, _options) + "\n");
    }

    /// <summary>
    /// What is worse than the record: a median that has grown by more than the allowance, a row that is gone or has
    /// another unit, and a row that nobody has recorded.
    /// </summary>
    /// <param name="measured">All figures of the machines that are looked at.</param>
    /// <param name="machines">Rows of other machines are left out.</param>
    /// <returns>A line for each, with its name and both figures; empty if all is well.</returns>
    public IReadOnlyList<string> Regressions(IReadOnlyList<KernelFigure> measured, IReadOnlyList<string> machines)
    {
        var now = measured.ToDictionary(Key);
        KernelFigure[] recorded = Figures.Where(figure => machines.Contains(figure.Machine)).ToArray();
        IEnumerable<string?> worse = recorded.Select(figure => Regression(figure, now.GetValueOrDefault(Key(figure))));
        IEnumerable<string> unknown = measured
            .ExceptBy(recorded.Select(Key), Key)
            .Select(figure => $"{Describe(figure)}: not on record, measured {figure.Median}");
        return [.. worse.OfType<string>(), .. unknown];
    }

    private static string? Regression(KernelFigure recorded, KernelFigure? now)
    {
        if (now is null)
        {
            return $"{Describe(recorded)}: recorded {recorded.Median}, not measured";
        }
        if (now.Unit != recorded.Unit)
        {
            return $"{Describe(recorded)}: recorded in {recorded.Unit}, measured in {now.Unit}";
        }
        bool grew = now.Median * Hundred > recorded.Median * (Hundred + Allowance);
        return grew ? $"{Describe(recorded)}: recorded {recorded.Median}, measured {now.Median}" : null;
    }

    private static (string, string) Key(KernelFigure figure) => (figure.Name, figure.Machine);

    private static string Describe(KernelFigure figure) => $"{figure.Name} on {figure.Machine}";
}
