using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Skerry.Qemu.Benchmarks;

/// <summary>Sets what was measured on one machine beside the targets. Rows that only one side has are shown, too.</summary>
public static class ServersComparison
{
    public static IReadOnlyList<string> Columns { get; } =
    ["measured", "n", "min", "median", "p99", "to reach", "beyond"];

    /// <returns>The cells of each row, as <see cref="Columns"/> names them.</returns>
    public static IEnumerable<string[]> Of(
        ServersReference reference,
        ServersMachine machine,
        IReadOnlyList<ServersFigure> figures
    )
    {
        Dictionary<string, ServersFigure> here = figures
            .Where(figure => figure.Machine == machine.Name)
            .ToDictionary(figure => figure.Name);
        IEnumerable<ServersRow> others = here
            .Keys.Except(reference.Rows.Select(row => row.Name))
            .Select(name => new ServersRow { Name = name, Operation = "" });
        return reference
            .Rows.Where(row => row.IsMeasuredOn(machine))
            .Concat(others)
            .Select(row => Cells(row, reference.Unit, here.GetValueOrDefault(row.Name)));
    }

    /// <summary>Rows whose target was not reached, and that can be followed.</summary>
    public static IEnumerable<string> Missed(ServersReference reference, IReadOnlyList<ServersFigure> figures) =>
        reference
            .Rows.Where(row =>
                row.HasPath && figures.Any(figure => figure.Name == row.Name && figure.Median > row.ToReach)
            )
            .Select(row => row.Name);

    private static string[] Cells(ServersRow row, string unit, ServersFigure? figure)
    {
        if (figure is null)
        {
            return [row.Name, "", "", KernelComparison.NotMeasured, "", Number(row.ToReach), Number(row.Beyond)];
        }
        bool isComparable = figure.Unit == unit;
        string median = isComparable ? Number(figure.Median) : $"{Number(figure.Median)} {figure.Unit}";
        return
        [
            row.Name,
            Number(figure.N),
            Number(figure.Min),
            median,
            Number(figure.P99),
            Target(row.ToReach, isComparable, figure),
            Target(row.Beyond, isComparable, figure),
        ];
    }

    private static string Target(long? target, bool isComparable, ServersFigure figure)
    {
        string reached = figure.Median <= target ? KernelComparison.Reached : KernelComparison.Missed;
        return target is not null && isComparable ? $"{Number(target)} {reached}" : Number(target);
    }

    private static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "";
}
