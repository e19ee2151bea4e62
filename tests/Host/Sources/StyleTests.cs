using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Skerry.Tests.Host.Docs;
using Xunit;

namespace Skerry.Tests.Host.Sources;

/// <summary>Rules of style that no analyser has: how tests are called, and where it stands what a method answers.</summary>
public sealed class StyleTests
{
    [Fact]
    public void TestsHaveOneStyleOfNames() => Assert.Empty(Sources().SelectMany(WithUnderscores));

    [Fact]
    public void WhatAMethodAnswersStandsInReturns() => Assert.Empty(Sources().SelectMany(AnswersInSummary));

    [Theory]
    [InlineData("class C { [Fact] public void It_holds() { } }", "It_holds")]
    [InlineData("class C { [Theory] [InlineData(1)] public void It_holds(int i) { } }", "It_holds")]
    public void ANameWithUnderscoresIsSeen(string source, string name) => Assert.Equal([name], WithUnderscores(source));

    [Theory]
    [InlineData("/// <summary>Takes it. Answers false if it is gone.</summary>\n", "M")]
    [InlineData("/// <summary>\n/// Takes it. False\n/// if it is gone.\n/// </summary>\n", "M")]
    [InlineData("/// <summary>Null if it is gone.</summary>\n", "M")]
    [InlineData("/// <summary>Takes it; answers how many.</summary>\n", "M")]
    [InlineData("/// <summary>Takes it.</summary>\n/// <returns>False if it is gone.</returns>\n", null)]
    [InlineData("/// <summary>Whether it answers.</summary>\n", null)]
    public void AnAnswerInASummaryIsSeen(string comment, string? name) =>
        Assert.Equal(name is null ? [] : [name], AnswersInSummary($"class C {{\n{comment}bool M() => true; }}"));

    private static IEnumerable<string> Sources() =>
        Directory
            .EnumerateDirectories(Pages.Root)
            .Where(part => Path.GetFileName(part) is not ("out" or ".git"))
            .SelectMany(Pages.FilesBelow)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(File.ReadAllText);

    private static IEnumerable<MethodDeclarationSyntax> Methods(string source) =>
        CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>();

    private static IEnumerable<string> WithUnderscores(string source) =>
        Methods(source).Where(IsTest).Select(method => method.Identifier.Text).Where(name => name.Contains('_'));

    private static bool IsTest(MethodDeclarationSyntax method) =>
        method
            .AttributeLists.SelectMany(list => list.Attributes)
            .Any(attribute => attribute.Name.ToString() is "Fact" or "Theory");

    private static IEnumerable<string> AnswersInSummary(string source) =>
        Methods(source).Where(method => SaysAnswer(Summary(method))).Select(method => method.Identifier.Text);

    private static bool SaysAnswer(string summary) =>
        Regex.IsMatch(summary, @"(^|\. )(Answers |(False|True|Null)( if|:|,))|(;|, and) answers ");

    /// <summary>The text of a method's summary, on one line.</summary>
    private static string Summary(MethodDeclarationSyntax method)
    {
        string comment = Regex.Replace(method.GetLeadingTrivia().ToFullString(), @"\s*///\s*", " ");
        Match match = Regex.Match(comment, "<summary>(.*?)</summary>", RegexOptions.Singleline);
        return match.Groups[1].Value.Trim();
    }
}
