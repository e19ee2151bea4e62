using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Skerry.Base.Generator.Model;
using Skerry.Base.Generator.Writing;

namespace Skerry.Base.Generator;

/// <summary>
/// Writes the client, the dispatch and the method numbers of every interface marked [RpcInterface], and a table of all their
/// methods. An interface with a mistake gets diagnostics and no code.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class RpcGenerator : IIncrementalGenerator
{
    private const string InterfaceAttribute = "Skerry.Base.Rpc.RpcInterfaceAttribute";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<InterfaceReading> readings = context.SyntaxProvider.ForAttributeWithMetadataName(
            InterfaceAttribute,
            static (node, _) => node is InterfaceDeclarationSyntax,
            static (found, _) => InterfaceReader.Read((INamedTypeSymbol)found.TargetSymbol)
        );
        context.RegisterSourceOutput(readings, static (output, reading) => Emit(output, reading));
        IncrementalValueProvider<string> assembly = context.CompilationProvider.Select(
            static (compilation, _) => compilation.AssemblyName ?? ""
        );
        context.RegisterSourceOutput(
            readings.Collect().Combine(assembly),
            static (output, all) => EmitTable(output, all.Left, all.Right)
        );
    }

    private static void Emit(SourceProductionContext output, InterfaceReading reading)
    {
        foreach (Mistake mistake in reading.Mistakes)
        {
            output.ReportDiagnostic(mistake.ToDiagnostic());
        }
        if (reading.Interface is not { } service)
        {
            return;
        }
        var code = new CodeWriter();
        FileWriter.Write(code, service);
        // With the hash of the full name: in another namespace, another interface may have the same name.
        output.AddSource(
            $"{service.BaseName}.{service.Hash:x8}.Rpc.g.cs",
            SourceText.From(code.ToString(), Encoding.UTF8)
        );
    }

    /// <summary>None for an assembly without interfaces.</summary>
    private static void EmitTable(
        SourceProductionContext output,
        ImmutableArray<InterfaceReading> readings,
        string assembly
    )
    {
        InterfaceModel[] services =
        [
            .. readings
                .Select(static reading => reading.Interface)
                .OfType<InterfaceModel>()
                .OrderBy(static service => $"{service.Namespace}.{service.Name}", StringComparer.Ordinal),
        ];
        if (services.Length == 0)
        {
            return;
        }
        var code = new CodeWriter();
        TableWriter.Write(code, assembly, services);
        output.AddSource("RpcTable.g.cs", SourceText.From(code.ToString(), Encoding.UTF8));
    }
}
