using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Skerry.Qemu.Benchmarks;

/// <summary>One line of the suite's table: a figure of ours beside seL4's and the targets, as text.</summary>
/// <param name="Name">The row.</param>
/// <param name="Ours">Our median, or that it was not measured.</param>
/// <param name="Sel4">seL4's figure, empty if there is none.</param>
/// <param name="Ratio">Ours divided by seL4's.</param>
/// <param name="User">User level's share of ours.</param>
/// <param name="Kernel">The kernel's share.</param>
/// <param name="ToReach">The first target, and whether it is reached.</param>
/// <param name="Beyond">The second target, and whether it is reached.</param>
public sealed record ComparedRow(
    string Name,
    string Ours,
    string Sel4,
    string Ratio,
    string User,
    string Kernel,
    string ToReach,
    string Beyond
)
{
    public IReadOnlyList<string> Cells => [Name, Ours, Sel4, Ratio, User, Kernel, ToReach, Beyond];
}

/// <summary>Sets what was measured on one machine beside the reference. Rows that only one side has are shown, too.</summary>
public static class KernelComparison
{
    public const string NotMeasured = "not measured";
    public const string Reached = "✓";
    public const string Missed = "✗";

    public static IReadOnlyList<ComparedRow> Of(
        KernelReference reference,
        KernelMachine machine,
        IReadOnlyList<KernelFigure> figures
    )
    {
        Dictionary<string, KernelFigure> here = figures
            .Where(figure => figure.Machine == machine.Name)
            .ToDictionary(figure => figure.Name);
        IEnumerable<ReferenceRow> others = here
            .Keys.Except(reference.Rows.Select(row => row.Name))
            .Select(name => new ReferenceRow { Name = name, Operation = "" });
        return
        [
            .. reference
                .Rows.Concat(others)
                .Select(row => Compare(row, machine, reference.Unit, here.GetValueOrDefault(row.Name))),
        ];
    }

    private static ComparedRow Compare(ReferenceRow row, KernelMachine machine, string unit, KernelFigure? figure)
    {
        long? sel4 = machine.IsMulticore ? row.Sel4For4Cpus : row.Sel4;
        if (figure is null)
        {
            string reason = row.Cpus > 1 && !machine.IsMulticore ? $"needs {row.Cpus} CPUs" : NotMeasured;
            return new(row.Name, reason, Number(sel4), "", "", "", Number(row.ToReach), Number(row.Beyond));
        }
        // Ticks are no instructions: nothing to compare.
        bool comparable = figure.Unit == unit;
        double? ratio = comparable ? (double)figure.Median / sel4 : null;
        return new(
            row.Name,
            comparable ? Number(figure.Median) : $"{Number(figure.Median)} {figure.Unit}",
            Number(sel4),
            ratio?.ToString("F2", CultureInfo.InvariantCulture) ?? "",
            Number(figure.User),
            Number(figure.Kernel),
            Target(row.ToReach, comparable, figure),
            Target(row.Beyond, comparable, figure)
        );
    }

    private static string Target(long? target, bool comparable, KernelFigure figure) =>
        target is { } limit && comparable
            ? $"{Number(limit)} {(figure.Median <= limit ? Reached : Missed)}"
            : Number(target);

    private static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "";
}
