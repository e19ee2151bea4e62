using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Skerry.Tests.Host.Docs;

/// <summary>Each hop of docs/tour.md names a method that stands in the file that it links to.</summary>
public sealed partial class TourTests
{
    private const string Page = "docs/tour.md";

    private static readonly string[] _parts = ["kernel", "boot", "base", "core", "vcore"];

    [Fact]
    public void EachHopStandsInItsFile() => Assert.Empty(Wrong(Pages.Read(Page)));

    [Fact]
    public void EachMethodThatASentenceNamesIsThere()
    {
        HashSet<string> methods = [.. _parts.SelectMany(Sources).Select(File.ReadAllText).SelectMany(Methods)];
        Assert.Empty(Named(Pages.Read(Page)).Except(methods));
    }

    /// <summary>A path that is told twice is wrong in one place some day.</summary>
    [Fact]
    public void NoOtherPageHasHops() => Assert.Equal([Page], Pages.All.Where(page => HasHops(Pages.Read(page))));

    [Theory]
    [InlineData("| 1 | `Fastpath.Gone`, [Fastpath.cs](../kernel/Ipc/Fastpath.cs) | x |")]
    [InlineData("| 1 | `Fastpath.Call`, [Faults.cs](../kernel/Ipc/Faults.cs) | x |")]
    [InlineData("| 1 | `Fastpath.Call`, [Fastpath.cs](../kernel/Ipc/Faults.cs) | x |")]
    [InlineData("| 1 | `Fastpath.Call`, [Fastpath.cs](../kernel/Fastpath.cs) | x |")]
    [InlineData("| 1 | `Call` in [Fastpath.cs](../kernel/Ipc/Fastpath.cs) | x |")]
    public void AHopThatIsNotThereIsSeen(string row) => Assert.Equal([row], Wrong($"{Head}{row}\n"));

    [Fact]
    public void AHopThatIsThereIsNoneOfThem() =>
        Assert.Empty(Wrong($"{Head}| 1 | `Fastpath.Call`, [Fastpath.cs](../kernel/Ipc/Fastpath.cs) | x |\n"));

    [Fact]
    public void AMethodThatASentenceNamesIsSeen() =>
        Assert.Equal(["Fastpath.Gone"], Named("by `Fastpath.Gone`, in [`Some.cs`](Some.cs)"));

    private const string Head = "| hop | where | what |\n| --- | --- | --- |\n";

    private static bool HasHops(string text) => text.Contains("| hop |", StringComparison.Ordinal);

    /// <summary>All rows of tables but their heads; a row that has no hop's form is wrong, too.</summary>
    private static IEnumerable<string> Wrong(string text) =>
        text.Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.Contains("| where |"))
            .Where(line => !line.StartsWith("| ---", StringComparison.Ordinal) && !IsRight(Hop().Match(line)));

    private static bool IsRight(Match hop)
    {
        string path = Path.GetFullPath(Path.Combine(Pages.Root, "docs", hop.Groups["path"].Value));
        return hop.Success
            && File.Exists(path)
            && Path.GetFileName(path) == hop.Groups["file"].Value
            && Methods(File.ReadAllText(path)).Contains(hop.Groups["method"].Value);
    }

    private static IEnumerable<string> Named(string text) =>
        CodeSpan()
            .Matches(text)
            .Select(match => match.Groups[1].Value)
            .Where(name => !name.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>With their types before them, as Fastpath.Call.</summary>
    private static IEnumerable<string> Methods(string source) =>
        CSharpSyntaxTree
            .ParseText(source)
            .GetRoot()
            .DescendantNodes()
            .OfType<MethodDeclarationSyntax>()
            .Select(method => $"{method.FirstAncestorOrSelf<TypeDeclarationSyntax>()!.Identifier}.{method.Identifier}");

    private static IEnumerable<string> Sources(string part) =>
        Pages.FilesBelow(Path.Combine(Pages.Root, part)).Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    [GeneratedRegex(@"^\| [^|]+ \| `(?<method>\w+\.\w+)`, \[(?<file>[^\]]+)\]\((?<path>[^)]+)\) \| [^|]+ \|$")]
    private static partial Regex Hop();

    [GeneratedRegex(@"`([A-Z]\w+\.[A-Z]\w+|[A-Z]\w+\.cs)`")]
    private static partial Regex CodeSpan();
}
