using System;
using System.Collections.Generic;
using System.Linq;
using Spectre.Console;

namespace Skerry.Qemu.Commands;

/// <summary>
/// A table whose words are never broken: where its columns do not fit beside each other, they go on in further tables
/// that begin with the first column again.
/// </summary>
/// <param name="columns">The heads; the first column names the rows, the others hold figures.</param>
public sealed class FoldedTable(params string[] columns)
{
    /// <summary>Border and a space on each side of a column.</summary>
    private const int Frame = 3;

    private readonly List<string[]> _rows = [];

    /// <param name="cells">As many as there are columns.</param>
    public void AddRow(params IEnumerable<string> cells) => _rows.Add([.. cells]);

    /// <summary>Prints the table in the console's width.</summary>
    public void Write(IAnsiConsole console)
    {
        int[] widths =
        [
            .. columns.Select((head, column) => _rows.Select(row => row[column].Length).Append(head.Length).Max()),
        ];
        int width = console.Profile.Width;
        foreach (int[] group in Fold(widths, width))
        {
            Table table = new Table().Border(TableBorder.Rounded);
            foreach (int column in group)
            {
                var head = new TableColumn(Markup.Escape(columns[column])) { NoWrap = true };
                table.AddColumn(column == 0 ? head : head.RightAligned());
            }
            foreach (string[] row in _rows)
            {
                table.AddRow(group.Select(column => Markup.Escape(row[column])).ToArray());
            }
            // A console that is too narrow for two columns cuts lines; the table would cut words.
            console.Profile.Width = Math.Max(width, group.Sum(column => widths[column] + Frame) + 1);
            console.Write(table);
        }
        console.Profile.Width = width;
    }

    /// <summary>Which columns stand beside each other; each group has the first, and one more even if that is too wide.</summary>
    private static IEnumerable<int[]> Fold(int[] widths, int width)
    {
        int first = widths[0] + Frame + 1;
        List<int> group = [0];
        int used = first;
        for (int column = 1; column < widths.Length; column++)
        {
            int needed = widths[column] + Frame;
            if (group.Count > 1 && used + needed > width)
            {
                yield return [.. group];
                group = [0];
                used = first;
            }
            group.Add(column);
            used += needed;
        }
        yield return [.. group];
    }
}
