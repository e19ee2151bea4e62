using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Skerry.Tests.Host.Sources;

/// <summary>A method of C# with a symbol that instructions of an entry know.</summary>
/// <param name="Method">Class and method, as Fastpath.Call.</param>
/// <param name="Name">What stands there as its symbol: EntryPoints.FastpathCall, or a literal with its quotes.</param>
internal sealed record EntryPointUse(string Method, string Name);

/// <summary>How sources name the symbols by which C# and instructions call each other.</summary>
internal static class EntryPointUses
{
    private static readonly HashSet<string> _attributes = ["RuntimeExport", "RuntimeImport"];

    /// <summary>What an entry calls to name a function: the first argument is its symbol.</summary>
    private static readonly HashSet<string> _naming = ["Target", "Function", "Name", "Leaf", "Address"];

    /// <summary>Methods that are exported to an entry, or imported from one.</summary>
    public static IEnumerable<EntryPointUse> OfAttributes(string source) =>
        from attribute in CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<AttributeSyntax>()
        where _attributes.Contains(attribute.Name.ToString())
        let method = attribute.FirstAncestorOrSelf<MethodDeclarationSyntax>()
        let type = method.FirstAncestorOrSelf<TypeDeclarationSyntax>()
        let argument = attribute.ArgumentList!.Arguments[^1].Expression
        select new EntryPointUse($"{type.Identifier}.{method.Identifier}", argument.ToString());

    /// <summary>Symbols that an entry names by a literal.</summary>
    public static IEnumerable<string> LiteralsOfEntry(string source) =>
        from call in CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
        let name = call.Expression is MemberAccessExpressionSyntax member
            ? member.Name.ToString()
            : $"{call.Expression}"
        where _naming.Contains(name)
        from argument in call.ArgumentList.Arguments
        where argument.Expression is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression }
        select argument.ToString();

    /// <summary>The names with a class before them, as EntryPoints.FastpathCall.</summary>
    public static IEnumerable<string> Members(string source) =>
        CSharpSyntaxTree
            .ParseText(source)
            .GetRoot()
            .DescendantNodes()
            .OfType<MemberAccessExpressionSyntax>()
            .Select(member => member.ToString());
}
