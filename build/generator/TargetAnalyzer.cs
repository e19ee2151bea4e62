using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Skerry.Build.Generator;

/// <summary>Refuses in code for the target what compiles and then does not do what C# says (see TargetRules).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TargetAnalyzer : DiagnosticAnalyzer
{
    /// <summary>What runtime/Freestanding.props defines.</summary>
    private const string TargetSymbol = "FREESTANDING";

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(
            TargetRules.MutableReference,
            TargetRules.Catch,
            TargetRules.Throw,
            TargetRules.Lock,
            TargetRules.Entry
        );

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(
            GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics
        );
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            // Of tools and tests that only compile sources of the target, nothing is asked.
            SyntaxTree? first = start.Compilation.SyntaxTrees.FirstOrDefault();
            if (first is not null && first.Options.PreprocessorSymbolNames.Contains(TargetSymbol))
            {
                Register(start);
            }
        });
    }

    private static void Register(CompilationStartAnalysisContext context)
    {
        context.RegisterSymbolAction(CheckStatics, SymbolKind.NamedType);
        context.RegisterSymbolAction(CheckEntry, SymbolKind.Method);
        context.RegisterOperationAction(static found => Report(found, TargetRules.Catch), OperationKind.CatchClause);
        context.RegisterOperationAction(static found => Report(found, TargetRules.Throw), OperationKind.Throw);
        context.RegisterOperationAction(static found => Report(found, TargetRules.Lock), OperationKind.Lock);
    }

    private static void CheckStatics(SymbolAnalysisContext context)
    {
        foreach (ISymbol member in ((INamedTypeSymbol)context.Symbol).GetMembers())
        {
            if (member.IsStatic && HoldsReferences(member))
            {
                // A property's own field has no name and no place in the source.
                ISymbol named = member is IFieldSymbol { AssociatedSymbol: { } property } ? property : member;
                context.ReportDiagnostic(
                    Diagnostic.Create(TargetRules.MutableReference, named.Locations.FirstOrDefault(), named.Name)
                );
            }
        }
    }

    private static void CheckEntry(SymbolAnalysisContext context)
    {
        if (EntrySignatures.Missed((IMethodSymbol)context.Symbol, out string name) is { } wanted)
        {
            Location? place = context.Symbol.Locations.FirstOrDefault();
            context.ReportDiagnostic(Diagnostic.Create(TargetRules.Entry, place, name, wanted));
        }
    }

    /// <summary>Whether a static member is room for references that can change.</summary>
    private static bool HoldsReferences(ISymbol member) =>
        member switch
        {
            IFieldSymbol field => !field.IsConst
                && (!field.Type.IsUnmanagedType && !field.IsReadOnly || IsOfEachThread(field)),
            // An event without accessors of its own is a field that can change.
            IEventSymbol { IsAbstract: false, AddMethod.IsImplicitlyDeclared: true } => true,
            _ => false,
        };

    private static bool IsOfEachThread(IFieldSymbol field) =>
        field.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ThreadStaticAttribute");

    private static void Report(OperationAnalysisContext context, DiagnosticDescriptor rule)
    {
        // Only the word: what stands in the block is not at fault.
        Location place = context.Operation.Syntax.GetFirstToken().GetLocation();
        context.ReportDiagnostic(Diagnostic.Create(rule, place));
    }
}
