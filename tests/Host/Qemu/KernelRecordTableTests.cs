using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Skerry.Qemu;
using Skerry.Qemu.Benchmarks;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>The tables that show what the kernel's operations cost have the numbers of the record.</summary>
public sealed class KernelRecordTableTests
{
    [Theory]
    [InlineData(
        "figures.md",
        "## The kernel's operations",
        "1x1",
        "2x2-machine",
        "1x1-mitigated",
        "2x2-machine-mitigated"
    )]
    [InlineData("kernel.md", "What it costs, in instructions", "1x1", "1x1-mitigated")]
    public void ATableSaysWhatTheRecordSays(string page, string heading, params string[] machines)
    {
        var repository = Repository.Locate();
        KernelRecord record = KernelRecord.Read(KernelRecord.PathIn(repository));
        string text = File.ReadAllText(Path.Combine(repository.Root, "docs", page));
        string section = text.Split(heading, 2)[1].Split("\n## ", 2)[0];
        Match[] rows = Regex.Matches(section, @"^\| `([a-z0-9-]+)` \| (.+) \|$", RegexOptions.Multiline).ToArray();
        Assert.NotEmpty(rows);
        Assert.All(
            rows,
            row =>
            {
                string name = row.Groups[1].Value;
                string[] shown = row.Groups[2].Value.Split(" | ").Take(machines.Length).ToArray();
                Assert.Equal(machines.Select(machine => Cell(record, name, machine)), shown);
            }
        );
    }

    private static string Cell(KernelRecord record, string name, string machine) =>
        record
            .Figures.SingleOrDefault(figure => figure.Name == name && figure.Machine == machine)
            ?.Median.ToString("N0", CultureInfo.InvariantCulture)
        ?? "–";
}
