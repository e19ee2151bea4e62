using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Skerry.Tests.Host.Docs;

/// <summary>The decisions have one form, and their index lists each once, in order (docs/decisions/README.md).</summary>
public sealed partial class DecisionTests
{
    private const string Folder = "docs/decisions";
    private const string Index = "docs/decisions/README.md";

    private static readonly string[] _sections =
    [
        "Context",
        "Decision",
        "Reasons",
        "Rejected",
        "Consequences",
        "Since then",
    ];

    public static TheoryData<string> All => [.. Files];

    private static IEnumerable<string> Files =>
        Pages
            .All.Where(page => Path.GetDirectoryName(page) == Folder && page != Index)
            .Select(page => Path.GetFileName(page)!)
            .Order();

    [Theory]
    [MemberData(nameof(All))]
    public void APageHasTheForm(string file) => Assert.Null(Fault(file, Pages.Read($"{Folder}/{file}")));

    [Fact]
    public void TheIndexListsEachPageOnceInOrder() => Assert.Equal(Files.Select(Entry), Entries(Pages.Read(Index)));

    [Fact]
    public void NoNumberIsUsedTwice() => Assert.Equal(Files.Count(), Files.Select(Number).Distinct().Count());

    [Fact]
    public void TheIndexNamesTheNumbersWithoutAPage()
    {
        int[] used = [.. Files.Select(Number)];
        string text = Pages.Read(Index);
        Match sentence = Gaps().Match(text);
        Assert.True(sentence.Success);
        Assert.Equal(Enumerable.Range(1, used.Max()).Except(used), Ranges(sentence.Groups[1].Value));
    }

    [Theory]
    [InlineData("0007-x.md", "# X\n\n**Decision.** D\n\n**Reasons.** R\n", "title")]
    [InlineData("0007-x.md", "# 8. X\n\n**Decision.** D\n\n**Reasons.** R\n", "title")]
    [InlineData("7-x.md", "# 7. X\n\n**Decision.** D\n\n**Reasons.** R\n", "name")]
    [InlineData("0007-x.md", "# 7. X\n\n**Decision.** D\n", "Reasons")]
    [InlineData("0007-x.md", "# 7. X\n\n**Reasons.** R\n\n**Decision.** D\n", "order")]
    [InlineData("0007-x.md", "# 7. X\n\n**Decision.** D\n\n**Decision.** D\n\n**Reasons.** R\n", "order")]
    [InlineData("0007-x.md", "# 7. X\n\n**Decision.** D\n\n**Why.** R\n\n**Reasons.** R\n", "Why")]
    [InlineData("0007-x.md", "# 7. X\n\nWell.\n\n**Decision.** D\n\n**Reasons.** R\n", "before")]
    public void APageOfAnotherFormIsSeen(string file, string text, string fault) =>
        Assert.Contains(fault, Fault(file, text), StringComparison.Ordinal);

    [Fact]
    public void RangesAreRead() => Assert.Equal([3, 4, 5, 9, 12], Ranges("0003 to 0005, 0009 and 0012"));

    /// <returns>Null if the page has the form.</returns>
    private static string? Fault(string file, string text)
    {
        if (!FileName().IsMatch(file))
        {
            return "the file's name is no number and words";
        }
        string[] paragraphs = text.Split("\n\n");
        if (!paragraphs[0].StartsWith($"# {Number(file)}. ", StringComparison.Ordinal))
        {
            return "the title does not begin with the file's number";
        }
        if (!Lead().IsMatch(paragraphs[1]))
        {
            return "there is something before the first section";
        }
        string[] leads = [.. paragraphs.Select(one => Lead().Match(one).Groups[1].Value).Where(lead => lead != "")];
        string? unknown = leads.Except(_sections).FirstOrDefault();
        string? missing = new[] { "Decision", "Reasons" }.Except(leads).FirstOrDefault();
        bool inOrder = leads.SequenceEqual(_sections.Where(leads.Contains));
        return unknown is not null ? $"{unknown} is no section"
            : missing is not null ? $"{missing} is missing"
            : inOrder ? null
            : "the sections are not in order";
    }

    private static string Entry(string file)
    {
        string title = Pages.Read($"{Folder}/{file}").Split('\n')[0];
        return $"- [{file[..4]}]({file}) {title[(title.IndexOf(". ", StringComparison.Ordinal) + 2)..]}";
    }

    private static IEnumerable<string> Entries(string index) =>
        index.Split('\n').Where(line => line.StartsWith("- [", StringComparison.Ordinal));

    private static int Number(string file) => int.Parse(Digits().Match(file).Value);

    private static IEnumerable<int> Ranges(string text) =>
        text.Split([", ", " and "], StringSplitOptions.None)
            .Select(range => range.Split(" to ").Select(int.Parse).ToArray())
            .SelectMany(ends => Enumerable.Range(ends[0], ends[^1] - ends[0] + 1));

    [GeneratedRegex(@"^\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^\d{4}(-[a-z0-9]+)+\.md$")]
    private static partial Regex FileName();

    /// <summary>What a paragraph begins with in bold letters.</summary>
    [GeneratedRegex(@"^\*\*([^*]+?)\.?\*\*")]
    private static partial Regex Lead();

    [GeneratedRegex(@"^Numbers ([0-9, toand]+) have no page", RegexOptions.Multiline)]
    private static partial Regex Gaps();
}
