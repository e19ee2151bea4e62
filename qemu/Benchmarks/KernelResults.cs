using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Skerry.Qemu.Benchmarks;

/// <summary>The results of the suite as files for programs.</summary>
public static class KernelResults
{
    private const string CsvHeader = "name,unit,machine,n,min,median,p99,user,kernel";

    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes kernel.csv and kernel.json into a directory.</summary>
    public static void Write(string directory, IReadOnlyList<KernelFigure> figures)
    {
        OutputFile.Write(Path.Combine(directory, "kernel.csv"), Csv(figures));
        OutputFile.Write(Path.Combine(directory, "kernel.json"), Json(figures));
    }

    /// <summary>Names and machines have neither commas nor quotes, as they are words of a serial line or ours.</summary>
    public static string Csv(IReadOnlyList<KernelFigure> figures) =>
        string.Concat(figures.Select(Line).Prepend(CsvHeader).Select(line => line + "\n"));

    /// <summary>An array of {name, unit, machine, n, min, median, p99}.</summary>
    public static string Json(IReadOnlyList<KernelFigure> figures) =>
        JsonSerializer.Serialize(figures, _options) + "\n";

    private static string Line(KernelFigure figure) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{figure.Name},{figure.Unit},{figure.Machine},{figure.N},{figure.Min},{figure.Median},{figure.P99},{figure.User},{figure.Kernel}"
        );
}
