using System.Collections.Generic;
using System.Linq;

namespace Skerry.Qemu.Benchmarks;

/// <summary>The figures of record of operations: what they cost at a commit. A test holds each later commit to them.</summary>
public abstract record OperationRecord<TFigure> : MachineRecord<TFigure>
    where TFigure : OperationFigure
{
    /// <summary>How much a median may grow, in hundredths of what is recorded.</summary>
    public const int Allowance = 2;

    internal const int Hundred = 100;

    /// <summary>
    /// What is worse than the record: a median that has grown by more than the allowance, a row that is gone or has
    /// another unit, and a row that nobody has recorded.
    /// </summary>
    /// <param name="measured">All figures of the machines that are looked at.</param>
    /// <param name="machines">Rows of other machines are left out.</param>
    /// <returns>A line for each, with its name and both figures; empty if all is well.</returns>
    public IReadOnlyList<string> Regressions(IReadOnlyList<TFigure> measured, IReadOnlyList<string> machines)
    {
        IEnumerable<string?> worse = Rows(measured, machines).Select(row => Regression(row.Recorded, row.Now));
        IEnumerable<string> unknown = Unknown(measured, machines)
            .Select(figure => $"{figure}: not on record, measured {figure.Median}");
        return [.. worse.OfType<string>(), .. unknown];
    }

    private static string? Regression(TFigure recorded, TFigure? now)
    {
        if (now is null)
        {
            return $"{recorded}: recorded {recorded.Median}, not measured";
        }
        if (now.Unit != recorded.Unit)
        {
            return $"{recorded}: recorded in {recorded.Unit}, measured in {now.Unit}";
        }
        bool grew = now.Median * Hundred > recorded.Median * (Hundred + Allowance);
        return grew ? $"{recorded}: recorded {recorded.Median}, measured {now.Median}" : null;
    }
}
