using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Skerry.Qemu;
using Skerry.Qemu.Benchmarks;
using Xunit;

namespace Skerry.Tests.Host.Docs;

/// <summary>Sizes and figures that README.md and docs/figures.md show are those of the records (docs/figures).</summary>
public sealed partial class FigureTests
{
    private static readonly Repository _repository = Repository.Locate();

    private static ImageRecord Sizes => ImageRecord.Read(ImageRecord.PathIn(_repository));

    [Fact]
    public void TheSizesOfRecordAreThoseOfTheImages() =>
        Assert.Empty(Sizes.Faults([.. ImageRecord.Programs.Select(name => ImageSize.Of(_repository, name))]));

    [Fact]
    public void TheTableOfSizesSaysWhatTheRecordSays()
    {
        string section = Pages.Read("docs/figures.md").Split("## The sizes of the programs", 2)[1].Split("\n## ", 2)[0];
        Assert.Equal(
            Sizes.Figures.Select(size =>
                string.Create(CultureInfo.InvariantCulture, $"| `{size.Name}` | {size.Text:N0} | {size.Data:N0} |")
            ),
            section.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void TheSizeOfTheKernelInTheReadmeIsOfRecord()
    {
        ImageSize kernel = Sizes.Figures.Single(size => size.Name == "kernel");
        Match shown = Assert.Single(KernelSize().Matches(Pages.Read("README.md")));
        Assert.Equal($"each {kernel.Text >> 10} KiB of text and {kernel.Data >> 10} KiB of data", shown.Value);
    }

    [Fact]
    public void InstructionsInTheReadmeAreOfRecord()
    {
        string text = Pages.Read("README.md");
        Assert.NotEmpty(Instructions().Matches(text));
        Assert.Empty(Unfounded(text));
    }

    [Theory]
    [InlineData("it takes 707 instructions (`doorbell-to-receiver` on `2x2-machine`).")]
    [InlineData("it takes 706 instructions (`doorbell-to-nobody` on `2x2-machine`).")]
    [InlineData("it takes 706 instructions.")]
    public void AFigureThatIsNotOfRecordIsSeen(string text) => Assert.Single(Unfounded(text));

    [Fact]
    public void ASizeBeyondTwoPercentIsSeen()
    {
        ImageSize recorded = Size("kernel", 1000, 500);
        var record = new ImageRecord
        {
            Date = "",
            Commit = "",
            Figures = [recorded],
        };
        Assert.Empty(record.Faults([Size("kernel", 1020, 490)]));
        Assert.Equal(
            ["kernel: recorded 1000 bytes of text, measured 1021"],
            record.Faults([Size("kernel", 1021, 500)])
        );
        Assert.Equal(["kernel: recorded 500 bytes of data, measured 489"], record.Faults([Size("kernel", 1000, 489)]));
        Assert.Equal(["core: not on record"], record.Faults([recorded, Size("core", 1, 1)]));
        Assert.Equal(["kernel: recorded, not measured"], record.Faults([]));
    }

    private static ImageSize Size(string name, long text, long data) =>
        new()
        {
            Name = name,
            Text = text,
            Data = data,
        };

    private static IEnumerable<string> Unfounded(string text)
    {
        var kernel = KernelRecord.Read(KernelRecord.PathIn(_repository));
        var latency = LatencyRecord.Read(LatencyRecord.PathIn(_repository));
        var servers = ServersRecord.Read(ServersRecord.PathIn(_repository));
        HashSet<(string, string, long)> known =
        [
            .. servers.Figures.Select(figure => (figure.Name, figure.Machine, figure.Median)),
            .. kernel.Figures.Select(figure => (figure.Name, figure.Machine, figure.Median)),
            .. latency.Figures.Select(figure => (figure.Name, figure.Machine, figure.Longest)),
        ];
        return Instructions()
            .Matches(text)
            .Where(shown =>
                !known.Contains(
                    (
                        shown.Groups["row"].Value,
                        shown.Groups["machine"].Value,
                        long.Parse(
                            shown.Groups["count"].Value,
                            NumberStyles.AllowThousands,
                            CultureInfo.InvariantCulture
                        )
                    )
                )
            )
            .Select(shown => shown.Value);
    }

    [GeneratedRegex(@"each \d+ [KM]iB of text and \d+ [KM]iB of data")]
    private static partial Regex KernelSize();

    /// <summary>A count, and behind it which row of which machine it is.</summary>
    [GeneratedRegex(@"(?<count>[\d,]*\d) instructions(?: \(`(?<row>[a-z0-9-]+)` on `(?<machine>[a-z0-9-]+)`\))?")]
    private static partial Regex Instructions();
}
