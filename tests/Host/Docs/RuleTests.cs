using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Skerry.Tests.Host.Docs;

/// <summary>Each rule of docs/servers.md links to a test of its own, or says that it is not tested by itself.</summary>
public sealed partial class RuleTests
{
    private const string Page = "docs/servers.md";
    private const string Heading = "\n## The rules\n";

    [Fact]
    public void EachRuleHasATest() => Assert.Empty(Untested(Pages.Read(Page)));

    [Fact]
    public void TheyAreNumberedInOrder()
    {
        int[] numbers = [.. Rules(Pages.Read(Page)).Select(rule => int.Parse(rule.Groups["number"].Value))];
        Assert.NotEmpty(numbers);
        Assert.Equal(Enumerable.Range(1, numbers.Length), numbers);
    }

    [Theory]
    [InlineData("7. **It holds.** As [Held.cs](../base/Held.cs) does.")]
    [InlineData("7. **It holds.** It was seen.")]
    public void ARuleWithoutATestIsSeen(string rule) => Assert.Equal(["7"], Untested($"{Heading}\n{rule}\n"));

    [Theory]
    [InlineData("7. **It holds.** [HeldTests](../tests/Host/HeldTests.cs).")]
    [InlineData("7. **It holds.** Not tested by itself.")]
    [InlineData("7. **It holds.** [Held.cs](../base/Held.cs).\n\n## Something else\n\n8. no rule", "7")]
    public void ARuleWithATestIsNoneOfThem(string rules, params string[] untested) =>
        Assert.Equal(untested, Untested($"{Heading}\n{rules}\n"));

    private static IEnumerable<string> Untested(string text) =>
        Rules(text)
            .Where(rule =>
                !rule.Value.Contains("](../tests/", StringComparison.Ordinal)
                && !rule.Value.Contains("not tested", StringComparison.OrdinalIgnoreCase)
            )
            .Select(rule => rule.Groups["number"].Value);

    private static IEnumerable<Match> Rules(string text) =>
        Rule().Matches(text.Split(Heading, 2)[1].Split("\n## ", 2)[0]);

    [GeneratedRegex(@"^(?<number>\d+)\. .*$", RegexOptions.Multiline)]
    private static partial Regex Rule();
}
