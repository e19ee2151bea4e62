using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Skerry.Qemu.Benchmarks;
using Skerry.Qemu.Machines;
using Spectre.Console;

namespace Skerry.Qemu.Commands;

/// <summary><c>skerry bench --suite latency</c>: how long a thread of the highest priority waits behind the kernel's work.</summary>
internal static class LatencyBenchCommand
{
    public const string Suite = "latency";

    public static ExitStatus Bench(Repository repository, bool record)
    {
        var figures = new List<LatencyFigure>();
        foreach (KernelMachine machine in LatencySuite.Machines)
        {
            figures.AddRange(Terminal.WithProgress(machine.Name, () => LatencySuite.Run(repository, machine)));
        }
        Print(figures);
        if (record)
        {
            FiguresOfRecord.Keep(
                LatencyRecord.PathIn(repository),
                new LatencyRecord
                {
                    Date = FiguresOfRecord.Today,
                    Commit = FiguresOfRecord.Commit(repository),
                    Figures = figures,
                }
            );
        }
        return ExitStatus.Success;
    }

    private static void Print(IReadOnlyList<LatencyFigure> figures)
    {
        string[] machines = [.. LatencySuite.Machines.Select(machine => machine.Name)];
        Table table = new Table().Border(TableBorder.Rounded);
        table.AddColumns(["longest wait behind", .. machines]);
        foreach (TableColumn column in table.Columns.Skip(1))
        {
            column.RightAligned();
        }
        foreach (string name in figures.Select(figure => figure.Name).Distinct())
        {
            IEnumerable<string> cells = machines.Select(machine =>
                figures
                    .SingleOrDefault(figure => figure.Name == name && figure.Machine == machine)
                    ?.Longest.ToString(CultureInfo.InvariantCulture)
                ?? ""
            );
            table.AddRow([name, .. cells]);
        }
        Terminal.Output.Write(table);
        Terminal.Remark($"skerry: instructions; the bound is {LatencyRecord.Bound}");
    }
}
