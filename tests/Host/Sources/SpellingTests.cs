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

/// <summary>Names of our own have one spelling, the British one; what a library names has the library's.</summary>
public sealed class SpellingTests
{
    private const string Other = "Initializ";

    /// <summary>What runtime/ declares, compilers look for by its name.</summary>
    private static readonly HashSet<string> _notOurs = ["out", ".git", "runtime"];

    [Fact]
    public void InitialiseHasOneSpelling()
    {
        string[] sources =
        [
            .. Directory
                .EnumerateDirectories(Pages.Root)
                .Where(part => !_notOurs.Contains(Path.GetFileName(part)))
                .SelectMany(Pages.FilesBelow)
                .Where(file => file.EndsWith(".cs", StringComparison.Ordinal)),
        ];
        Assert.NotEmpty(sources);
        Assert.Empty(sources.Select(File.ReadAllText).SelectMany(Misspelt));
    }

    [Theory]
    [InlineData("class C { void Initialize() { } }", "Initialize")]
    [InlineData("class C { bool _isInitialized; }", "_isInitialized")]
    [InlineData("class Initializer;", "Initializer")]
    [InlineData("class C { void M(int initialized) { } }", "initialized")]
    public void AnotherSpellingIsSeen(string source, string name) => Assert.Equal([name], Misspelt(source));

    [Theory]
    [InlineData("class C { void Initialise() => other.Initialize(); }")]
    [InlineData(
        "class C : IIncrementalGenerator { public void Initialize(IncrementalGeneratorInitializationContext c) { } }"
    )]
    [InlineData("class C : DiagnosticAnalyzer { public override void Initialize(AnalysisContext c) { } }")]
    public void WhatALibraryNamesIsNone(string source) => Assert.Empty(Misspelt(source));

    /// <summary>What a source declares; a generator's or analyzer's method is declared by Roslyn.</summary>
    private static IEnumerable<string> Misspelt(string source) =>
        CSharpSyntaxTree
            .ParseText(source)
            .GetRoot()
            .DescendantNodes()
            .Where(node => !IsOfRoslyn(node))
            .Select(Declared)
            .Where(name => name.Contains(Other, StringComparison.OrdinalIgnoreCase));

    private static bool IsOfRoslyn(SyntaxNode node) =>
        node is MethodDeclarationSyntax method
        && method.ParameterList.Parameters.Any(one =>
            $"{one.Type}" is "IncrementalGeneratorInitializationContext" or "AnalysisContext"
        );

    private static string Declared(SyntaxNode node) =>
        node switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier.Text,
            MethodDeclarationSyntax method => method.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            VariableDeclaratorSyntax variable => variable.Identifier.Text,
            ParameterSyntax parameter => parameter.Identifier.Text,
            EnumMemberDeclarationSyntax member => member.Identifier.Text,
            _ => "",
        };
}
