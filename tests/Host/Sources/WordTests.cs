using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Skerry.Tests.Host.Docs;
using Xunit;

namespace Skerry.Tests.Host.Sources;

/// <summary>
/// Words of a command line or of arguments are compared in two places alone (CommandWords, and bootstrap's CommandLine),
/// which know where a word ends: "icount=10" is not "icount=1".
/// </summary>
public sealed class WordTests
{
    private static readonly HashSet<string> _places =
    [
        "CommandLine.cs",
        "Routes.cs", // A label's beginning, as the configuration asks for it.
        "TarReader.cs", // A path that begins with "./".
        "Figures.cs", // A line's kind.
        "LogText.cs", // What a vcore's lines begin with, its name and what ends it included.
        "OwnNames.cs", // Whatever begins with the underscores.
    ];

    [Fact]
    public void AWordIsComparedByThoseWhoKnowItsEnd()
    {
        string[] parts = ["apps", "base", "boot", "core", "vcore"];
        string[] sources =
        [
            .. parts
                .SelectMany(part => Pages.FilesBelow(Path.Combine(Pages.Root, part)))
                .Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
                .Where(file => !_places.Contains(Path.GetFileName(file))),
        ];
        Assert.NotEmpty(sources);
        Assert.Empty(sources.Select(File.ReadAllText).SelectMany(ComparedByPrefix));
    }

    [Theory]
    [InlineData("class C { bool M() => line.Slice(i).StartsWith(\"icount=1\"u8); }")]
    [InlineData("class C { bool M(ReadOnlySpan<byte> name) => arguments.StartsWith(name); }")]
    [InlineData("class C { int M() => arguments.IndexOf(\"vcore=\"u8); }")]
    public void AComparisonByPrefixIsSeen(string source) => Assert.Single(ComparedByPrefix(source));

    [Theory]
    [InlineData("class C { bool M() => CommandWords.Has(line, \"icount=1\"u8); }")]
    [InlineData("class C { int M() => line.IndexOf((byte)' '); }")]
    public void OthersAreNone(string source) => Assert.Empty(ComparedByPrefix(source));

    /// <summary>Questions for a beginning, and for a part that is a word NAME=…</summary>
    private static IEnumerable<string> ComparedByPrefix(string source) =>
        CSharpSyntaxTree
            .ParseText(source)
            .GetRoot()
            .DescendantNodes()
            .OfType<InvocationExpressionSyntax>()
            .Where(IsByPrefix)
            .Select(call => call.ToString());

    private static bool IsByPrefix(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax member
        && member.Name.Identifier.Text switch
        {
            "StartsWith" => true,
            "IndexOf" => call.ArgumentList.ToString().Contains("=\"", StringComparison.Ordinal),
            _ => false,
        };
}
