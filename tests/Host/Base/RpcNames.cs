using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>
/// An interface for each name, of which each has a namespace and a file of its own, and all are compiled at once: what was
/// said to each is known by its namespace.
/// </summary>
internal sealed class RpcNames
{
    private readonly ILookup<string, Diagnostic> _told;
    private readonly ILookup<string, Diagnostic> _complaints;

    /// <param name="declare">The interface that uses a name.</param>
    public RpcNames(Func<string, string> declare)
    {
        IEnumerable<SyntaxTree> files = All.Select(
            (name, i) => RpcCompilation.File(RpcCompilation.Within(Space(i), declare(name)), $"{i}.cs")
        );
        SyntaxTree common = RpcCompilation.File(RpcCompilation.Source(""), "Thing.cs");
        Compilation output = RpcCompilation.Compile(
            RpcCompilation.Compilation([common, .. files]),
            out Diagnostic[] told
        );
        Dictionary<string, string> spaces = output.SyntaxTrees.ToDictionary(static tree => tree.FilePath, SpaceOf);
        _told = told.ToLookup(diagnostic => spaces[diagnostic.Location.GetLineSpan().Path]);
        // What has no place is said to nobody's name, so to all.
        _complaints = RpcCompilation
            .Complaints(output)
            .ToLookup(diagnostic => spaces.GetValueOrDefault(diagnostic.Location.GetLineSpan().Path, ""));
    }

    /// <summary>The names that generated code has, and all that C# reads as something else somewhere.</summary>
    public static string[] All { get; } =
    [
        .. SyntaxFacts
            .GetKeywordKinds()
            .Select(SyntaxFacts.GetText)
            .Where(static word => !word.StartsWith('_'))
            .Concat(GeneratedNames())
            .Where(SyntaxFacts.IsValidIdentifier)
            .Append("_")
            .Distinct()
            .Order(),
    ];

    /// <summary>What the generator says to the interface of a name.</summary>
    public IEnumerable<Diagnostic> Told(string name) => _told[Space(Array.IndexOf(All, name))];

    /// <summary>What the compiler says to it, and to what is generated for it.</summary>
    public IEnumerable<Diagnostic> Complaints(string name) =>
        _complaints[Space(Array.IndexOf(All, name))].Concat(_complaints[""]);

    private static string Space(int index) => $"Things.N{index}";

    private static string SpaceOf(SyntaxTree tree) =>
        tree.GetRoot(TestContext.Current.CancellationToken)
            .DescendantNodes()
            .OfType<BaseNamespaceDeclarationSyntax>()
            .First()
            .Name.ToString();

    /// <summary>Every identifier of what is generated for an interface with every kind of method, short of the underscores.</summary>
    private static IEnumerable<string> GeneratedNames()
    {
        const string declaration = """
            [RpcInterface] public interface IThing
            {
                R Small(int a, out R b);
                R Full([MaximumLength(8)] ReadOnlySpan<byte> c, [MaximumLength(8)] Span<byte> d, out Large e);
            }
            """;
        return RpcCompilation
            .Run(RpcCompilation.Source(declaration))
            .GeneratedTrees.Single(static tree => !tree.FilePath.EndsWith("RpcTable.g.cs", StringComparison.Ordinal))
            .GetRoot(TestContext.Current.CancellationToken)
            .DescendantTokens()
            .Where(static token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(static token => token.ValueText.TrimStart('_'));
    }
}
