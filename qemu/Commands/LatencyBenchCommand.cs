using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Skerry.Qemu.Benchmarks;
using Skerry.Qemu.Machines;

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
        string files = ResultFiles.Write(
            repository,
            Suite,
            LatencyFigure.CsvHeader,
            figures.Select(figure => figure.CsvLine),
            figures
        );
        Terminal.Remark($"skerry: {files}");
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
        Terminal.WidenForFile();
        Console.Out.WriteLine(FormattableString.Invariant($"instructions; the bound is {LatencyRecord.Bound:N0}"));
        string[] machines = [.. LatencySuite.Machines.Select(machine => machine.Name)];
        var table = new FoldedTable(["longest wait behind", .. machines]);
        foreach (string name in figures.Select(figure => figure.Name).Distinct())
        {
            IEnumerable<string> cells = machines.Select(machine =>
                figures
                    .SingleOrDefault(figure => figure.Name == name && figure.Machine == machine)
                    ?.Longest.ToString("N0", CultureInfo.InvariantCulture)
                ?? ""
            );
            table.AddRow([name, .. cells]);
        }
        table.Write(Terminal.Output);
    }
}
