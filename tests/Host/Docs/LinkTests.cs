using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Skerry.Tests.Host.Docs;

/// <summary>Each link of a page leads to a file or folder of the repository, and to a heading that is there.</summary>
public sealed class LinkTests
{
    public static TheoryData<string> All => [.. Pages.All];

    [Theory]
    [MemberData(nameof(All))]
    public void EachLinkLeadsSomewhere(string page) => Assert.Empty(Broken(page, Pages.Read(page)));

    [Fact]
    public void ThereArePagesWithLinks()
    {
        Assert.Contains("README.md", Pages.All);
        Assert.NotEmpty(Pages.Links(Pages.Read("README.md")));
    }

    [Theory]
    [InlineData("[gone](docs/gone.md)", "docs/gone.md")]
    [InlineData("[no such heading](docs/kernel.md#gone)", "docs/kernel.md#gone")]
    [InlineData("[another case](Docs/kernel.md)", "Docs/kernel.md")]
    [InlineData("[`code`](gone.cs)", "gone.cs")]
    [InlineData("# Here\n\n[not here](#there)", "#there")]
    public void ABrokenLinkIsSeen(string text, string link) => Assert.Equal([link], Broken("README.md", text));

    [Theory]
    [InlineData("[a page](docs/kernel.md) and [a folder](docs)")]
    [InlineData("[a heading](docs/abi.md#what-is-not-said-by-a-capability)")]
    [InlineData("# It's `here`, once\n\n[here](#its-here-once)")]
    [InlineData("`[in](code)` and\n\n    [in](a-block)\n\n[elsewhere](https://example.org/x)")]
    public void AGoodLinkIsNoneOfThem(string text) => Assert.Empty(Broken("README.md", text));

    private static IEnumerable<string> Broken(string page, string text) =>
        Pages.Links(text).Where(link => !Resolves(page, text, link));

    private static bool Resolves(string page, string text, string link)
    {
        string[] parts = link.Split('#', 2);
        string path = Path.GetFullPath(Path.Combine(Pages.Root, Path.GetDirectoryName(page)!, parts[0]));
        string target =
            parts[0].Length == 0 ? text
            : File.Exists(path) ? File.ReadAllText(path)
            : "";
        bool exists = parts[0].Length == 0 || File.Exists(path) || Directory.Exists(path);
        return exists && (parts.Length == 1 || Pages.Anchors(target).Contains(parts[1]));
    }
}
