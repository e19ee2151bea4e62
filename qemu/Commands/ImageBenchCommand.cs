using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Skerry.Qemu.Benchmarks;
using Skerry.Qemu.Machines;
using Spectre.Console;

namespace Skerry.Qemu.Commands;

/// <summary><c>skerry bench --suite images</c>: how large the programs are that every system has.</summary>
internal static class ImageBenchCommand
{
    public const string Suite = "images";

    public static ExitStatus Bench(Repository repository, bool record)
    {
        IReadOnlyList<ImageSize> sizes = [.. ImageRecord.Programs.Select(name => ImageSize.Of(repository, name))];
        Print(sizes);
        if (record)
        {
            FiguresOfRecord.Keep(
                ImageRecord.PathIn(repository),
                new ImageRecord
                {
                    Date = FiguresOfRecord.Today,
                    Commit = FiguresOfRecord.Commit(repository),
                    Figures = sizes,
                }
            );
        }
        return ExitStatus.Success;
    }

    private static void Print(IReadOnlyList<ImageSize> sizes)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("image", "bytes of text", "bytes of data");
        foreach (TableColumn column in table.Columns.Skip(1))
        {
            column.RightAligned();
        }
        foreach (ImageSize size in sizes)
        {
            table.AddRow(
                size.Name,
                size.Text.ToString("N0", CultureInfo.InvariantCulture),
                size.Data.ToString("N0", CultureInfo.InvariantCulture)
            );
        }
        Terminal.Output.Write(table);
    }
}
