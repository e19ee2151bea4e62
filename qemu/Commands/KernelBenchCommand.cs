using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu.Benchmarks;
using Skerry.Qemu.Machines;
using Spectre.Console;

namespace Skerry.Qemu.Commands;

/// <summary><c>skerry bench --suite kernel</c>: the kernel's operations beside seL4's, on machines of the suite's own.</summary>
internal static class KernelBenchCommand
{
    public const string Suite = "kernel";

    /// <summary>A table that goes into a file is not to be folded.</summary>
    private const int FileWidth = 120;

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
        if (Console.IsOutputRedirected)
        {
            Terminal.Output.Profile.Width = FileWidth;
        }
        foreach (KernelMachine machine in KernelMachine.All)
        {
            figures.AddRange(Terminal.WithProgress(machine.Name, () => KernelSuite.Run(repository, machine)));
            Print(machine, KernelComparison.Of(reference, machine, figures));
        }
        Terminal.Remark($"skerry: seL4's figures: {reference.Source}");
        string directory = Path.Combine(repository.Output, "bench");
        KernelResults.Write(directory, figures);
        Terminal.Remark($"skerry: {directory}/kernel.csv, kernel.json: {figures.Count} figures");
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
        Table table = new Table().Border(TableBorder.Rounded);
        table.AddColumns(_columns);
        foreach (TableColumn column in table.Columns.Skip(1))
        {
            column.RightAligned();
        }
        foreach (ComparedRow row in rows)
        {
            table.AddRow(row.Cells.Select(Markup.Escape).ToArray());
        }
        Terminal.Output.Write(table);
    }
}
