using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Topologies;

/// <summary>Reads a square matrix of numbers, one row and one column for each node.</summary>
internal static class MatrixReader
{
    /// <returns>The matrix, or nothing if its shape or an entry was wrong, which is then recorded.</returns>
    public static IReadOnlyList<IReadOnlyList<uint>> Read(
        SourceValue value,
        string name,
        int size,
        Diagnostics diagnostics
    )
    {
        if (value.Kind != SourceKind.List || value.Items.Count != size)
        {
            diagnostics.Error(
                value.Position,
                DiagnosticCode.BadMatrix,
                $"\"{name}\" must be a list of {size} rows, one for each node"
            );
            return [];
        }
        IReadOnlyList<uint>?[] rows = value.Items.Select(row => ReadRow(row, name, size, diagnostics)).ToArray();
        return rows.Contains(null) ? [] : rows.Select(row => row!).ToArray();
    }

    private static uint[]? ReadRow(SourceValue row, string name, int size, Diagnostics diagnostics)
    {
        if (row.Kind != SourceKind.List || row.Items.Count != size)
        {
            diagnostics.Error(
                row.Position,
                DiagnosticCode.BadMatrix,
                $"a row of \"{name}\" must have {size} numbers, one for each node"
            );
            return null;
        }
        var numbers = new uint[size];
        for (int i = 0; i < size; i++)
        {
            SourceValue item = row.Items[i];
            bool number = item.Kind == SourceKind.Number;
            if (!number || !uint.TryParse(item.Text, NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                diagnostics.Error(
                    item.Position,
                    DiagnosticCode.BadMatrix,
                    $"\"{name}\" must hold whole numbers, not {item.Description}"
                );
                return null;
            }
        }
        return numbers;
    }
}
