using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Qemu.Benchmarks;
using Skerry.Qemu.Machines;

namespace Skerry.Qemu.Commands;

/// <summary><c>skerry bench --suite kernel</c>: the kernel's operations beside seL4's, on machines of the suite's own.</summary>
internal static class KernelBenchCommand
{
    public const string Suite = "kernel";

    private static readonly string[] _columns =
    [
        "measured",
        "ours",
        "seL4",
        "ratio",
        "user",
        "kernel",
        "to reach",
        "beyond",
    ];

    public static ExitStatus Bench(Repository repository, bool record)
    {
        KernelReference reference = KernelReference.Read(repository);
        var figures = new List<KernelFigure>();
        Terminal.WidenForFile();
        foreach (KernelMachine machine in KernelMachine.All)
        {
            figures.AddRange(Terminal.WithProgress(machine.Name, () => KernelSuite.Run(repository, machine)));
            Print(machine, KernelComparison.Of(reference, machine, figures));
        }
        Terminal.Remark($"skerry: seL4's figures: {reference.Source}");
        string files = ResultFiles.Write(
            repository,
            Suite,
            KernelResults.CsvHeader,
            figures.Select(KernelResults.CsvLine),
            figures
        );
        Terminal.Remark($"skerry: {files}");
        if (record)
        {
            FiguresOfRecord.Keep(
                KernelRecord.PathIn(repository),
                new KernelRecord
                {
                    Date = FiguresOfRecord.Today,
                    Commit = FiguresOfRecord.Commit(repository),
                    Figures = figures,
                }
            );
        }
        return ExitStatus.Success;
    }

    private static void Print(KernelMachine machine, IReadOnlyList<ComparedRow> rows)
    {
        Console.Out.WriteLine($"{machine.Name}: medians, instructions");
        var table = new FoldedTable(_columns);
        foreach (ComparedRow row in rows)
        {
            table.AddRow(row.Cells);
        }
        table.Write(Terminal.Output);
    }
}
