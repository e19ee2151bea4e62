using System;

namespace Skerry.Qemu.Benchmarks;

/// <summary>The results of the suite in CSV.</summary>
public static class KernelResults
{
    public const string CsvHeader = "name,unit,machine,n,min,median,p99,user,kernel";

    /// <summary>Names and machines have neither commas nor quotes, as they are words of a serial line or ours.</summary>
    public static string CsvLine(KernelFigure figure) =>
        FormattableString.Invariant(
            $"{figure.Name},{figure.Unit},{figure.Machine},{figure.N},{figure.Min},{figure.Median},{figure.P99},{figure.User},{figure.Kernel}"
        );
}
