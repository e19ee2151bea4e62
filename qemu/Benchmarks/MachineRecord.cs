using System.Collections.Generic;
using System.Linq;

namespace Skerry.Qemu.Benchmarks;

/// <summary>Figures of record that were measured on machines, and how they are found again.</summary>
public abstract record MachineRecord<TFigure> : FigureRecord<TFigure>
    where TFigure : MachineFigure
{
    /// <summary>Each row of the record on some machines, beside what was measured of it now: null if nothing was.</summary>
    protected IEnumerable<(TFigure Recorded, TFigure? Now)> Rows(
        IReadOnlyList<TFigure> measured,
        IReadOnlyList<string> machines
    )
    {
        var now = measured.ToDictionary(Key);
        return OfMachines(machines).Select(recorded => (recorded, now.GetValueOrDefault(Key(recorded))));
    }

    /// <summary>What was measured and is not on record.</summary>
    protected IEnumerable<TFigure> Unknown(IReadOnlyList<TFigure> measured, IReadOnlyList<string> machines) =>
        measured.ExceptBy(OfMachines(machines).Select(Key), Key);

    private IEnumerable<TFigure> OfMachines(IReadOnlyList<string> machines) =>
        Figures.Where(figure => machines.Contains(figure.Machine));

    private static (string, string) Key(TFigure figure) => (figure.Name, figure.Machine);
}
