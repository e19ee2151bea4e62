using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Qemu.Benchmarks;
using Skerry.Qemu.Machines;

namespace Skerry.Qemu.Commands;

/// <summary><c>skerry bench --suite servers</c>: what core and a vcore cost their children, on machines of the suite's own.</summary>
internal static class ServersBenchCommand
{
    public static ExitStatus Bench(Repository repository, bool record)
    {
        ServersReference reference = ServersReference.Read(repository);
        var figures = new List<ServersFigure>();
        Terminal.WidenForFile();
        foreach (ServersMachine machine in ServersMachine.All)
        {
            figures.AddRange(Terminal.WithProgress(machine.Name, () => ServersSuite.Run(repository, machine)));
            Print(machine, ServersComparison.Of(reference, machine, figures));
        }
        foreach (string row in ServersComparison.Missed(reference, figures))
        {
            Terminal.Remark($"skerry: {row} is above what it is to reach; --path {row} shows where it goes");
        }
        string files = ResultFiles.Write(
            repository,
            ServersSuite.Name,
            ServersFigure.CsvHeader,
            figures.Select(figure => figure.CsvLine),
            figures
        );
        Terminal.Remark($"skerry: {files}");
        if (record)
        {
            FiguresOfRecord.Keep(
                ServersRecord.PathIn(repository),
                new ServersRecord
                {
                    Date = FiguresOfRecord.Today,
                    Commit = FiguresOfRecord.Commit(repository),
                    Figures = figures,
                }
            );
        }
        return ExitStatus.Success;
    }

    private static void Print(ServersMachine machine, IEnumerable<string[]> rows)
    {
        Console.Out.WriteLine($"{machine.Name}: instructions");
        var table = new FoldedTable([.. ServersComparison.Columns]);
        foreach (string[] row in rows)
        {
            table.AddRow(row);
        }
        table.Write(Terminal.Output);
    }
}
