using System.IO;
using System.Linq;
using Skerry.Qemu.Commands;
using Spectre.Console;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Tables of figures: columns fold, words do not.</summary>
public sealed class FoldedTableTests
{
    [Fact]
    public void WhatFitsIsOneTable()
    {
        string[] lines = Print(80, 3);
        Assert.Single(lines, line => line.StartsWith('╭'));
        Assert.Contains(lines, line => line == "│ call-roundtrip-between-two │ 1,000,000 │ 1,000,001 │ 1,000,002 │");
    }

    [Theory]
    [InlineData(80, 9)]
    [InlineData(60, 9)]
    [InlineData(45, 4)]
    public void WhatDoesNotFitGoesOnBelow(int width, int figures)
    {
        string[] lines = Print(width, figures);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Assert.True(lines.Count(line => line.StartsWith('╭')) > 1);
        // Each part names its rows, and each figure stands in one of them.
        Assert.Equal(
            lines.Count(line => line.StartsWith('╭')),
            lines.Count(line => line.Contains("call-roundtrip-between-two"))
        );
        string text = string.Join('\n', lines);
        Assert.All(Enumerable.Range(0, figures), i => Assert.Single(text.Split(' '), word => word == $"1,000,00{i}"));
    }

    [Fact]
    public void AWordThatIsTooLongStaysWhole() =>
        Assert.Contains(Print(20, 2), line => line.Contains("call-roundtrip-between-two"));

    [Fact]
    public void SignsOfMarkupAreTextOnly()
    {
        var table = new FoldedTable("[red]", "b");
        table.AddRow("[bold", "1");
        Assert.Contains("[bold", Text(table, 80));
        Assert.Contains("[red]", Text(table, 80));
    }

    private static string[] Print(int width, int figures)
    {
        var table = new FoldedTable(["measured", .. Enumerable.Range(0, figures).Select(i => $"median{i}")]);
        table.AddRow(["call-roundtrip-between-two", .. Enumerable.Range(0, figures).Select(i => $"1,000,00{i}")]);
        return Text(table, width).TrimEnd().Split('\n').Select(line => line.TrimEnd()).ToArray();
    }

    private static string Text(FoldedTable table, int width)
    {
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) }
        );
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        table.Write(console);
        return text.ToString();
    }
}
