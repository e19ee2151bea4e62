using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Skerry.Qemu;
using Skerry.Qemu.Benchmarks;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>The tables that show what operations cost have the numbers of the records.</summary>
public sealed class RecordTableTests
{
    private static readonly Repository _repository = Repository.Locate();

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
    public void ATableOfTheKernelSaysWhatTheRecordSays(string page, string heading, params string[] machines) =>
        Agrees(KernelRecord.Read(KernelRecord.PathIn(_repository)).Figures, page, heading, machines);

    [Fact]
    public void TheTableOfTheServersSaysWhatTheRecordSaysOfEachRow()
    {
        ServersRecord record = ServersRecord.Read(ServersRecord.PathIn(_repository));
        string[] machines = [.. ServersMachine.All.Select(machine => machine.Name)];
        IEnumerable<string> shown = Agrees(record.Figures, "figures.md", "## What core and vcores cost", machines);
        Assert.Equal(ServersReference.Read(_repository).Rows.Select(row => row.Name), shown);
    }

    /// <returns>The names of the rows that the table has.</returns>
    private static IEnumerable<string> Agrees(
        IEnumerable<OperationFigure> record,
        string page,
        string heading,
        string[] machines
    )
    {
        string text = File.ReadAllText(Path.Combine(_repository.Root, "docs", page));
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
        return rows.Select(row => row.Groups[1].Value);
    }

    private static string Cell(IEnumerable<OperationFigure> record, string name, string machine) =>
        record
            .SingleOrDefault(figure => figure.Name == name && figure.Machine == machine)
            ?.Median.ToString("N0", CultureInfo.InvariantCulture)
        ?? "–";
}
