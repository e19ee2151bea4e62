using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Skerry.Base.Generator.Model;

/// <summary>A diagnostic with its place, comparable by value.</summary>
public sealed record Mistake(
    DiagnosticDescriptor Rule,
    string File,
    TextSpan Span,
    LinePositionSpan Lines,
    EquatableArray<string> Arguments
)
{
    public static Mistake At(ISymbol symbol, DiagnosticDescriptor rule, params string[] arguments)
    {
        Location location = symbol.Locations.FirstOrDefault() ?? Location.None;
        return new Mistake(
            rule,
            location.SourceTree?.FilePath ?? "",
            location.SourceSpan,
            location.GetLineSpan().Span,
            new EquatableArray<string>(arguments)
        );
    }

    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Rule, Location.Create(File, Span, Lines), Arguments.Cast<object>().ToArray());
}
