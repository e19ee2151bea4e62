using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Skerry.Build.Generator;

/// <summary>
/// Gives SourceAssembler (build/stubs/Assembly) the instructions: a method for each of Iced's assembler that somebody calls
/// by name, which also takes where it is called and how the operands are written there, and passes the rest on.
/// </summary>
/// <remarks>The compiler fills these parameters in only where a method asks for them, and Iced's do not.</remarks>
[Generator(LanguageNames.CSharp)]
public sealed class InstructionGenerator : IIncrementalGenerator
{
    private const string IcedAssembler = "Iced.Intel.Assembler";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<ImmutableArray<string>> called = context
            .SyntaxProvider.CreateSyntaxProvider(
                static (node, _) =>
                    node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: not null } },
                static (found, _) =>
                    ((MemberAccessExpressionSyntax)((InvocationExpressionSyntax)found.Node).Expression)
                        .Name
                        .Identifier
                        .ValueText
            )
            .Collect();
        context.RegisterSourceOutput(
            called.Combine(context.CompilationProvider),
            static (output, input) => Emit(output, new HashSet<string>(input.Left), input.Right)
        );
    }

    private static void Emit(SourceProductionContext output, HashSet<string> called, Compilation compilation)
    {
        if (compilation.GetTypeByMetadataName(IcedAssembler) is not { } assembler)
        {
            return;
        }
        var code = new StringBuilder("using System.Runtime.CompilerServices;\n");
        code.Append("namespace Skerry.Stubs.Assembly;\n\ninternal sealed partial class SourceAssembler\n{\n");
        foreach (IMethodSymbol method in assembler.GetMembers().OfType<IMethodSymbol>())
        {
            if (called.Contains(method.Name) && IsInstruction(method))
            {
                Write(code, method);
            }
        }
        code.Append("}\n");
        output.AddSource("SourceAssembler.g.cs", SourceText.From(code.ToString(), Encoding.UTF8));
    }

    private static bool IsInstruction(IMethodSymbol method) =>
        method is { MethodKind: MethodKind.Ordinary, IsStatic: false, ReturnsVoid: true, IsGenericMethod: false }
        && method.DeclaredAccessibility == Accessibility.Public
        && char.IsLower(method.Name[0])
        && method.Parameters.All(parameter => parameter is { RefKind: RefKind.None, IsParams: false });

    private static void Write(StringBuilder code, IMethodSymbol method)
    {
        code.Append($"    public void @{method.Name}(");
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            string type = parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
            code.Append($"{type} @{parameter.Name}, ");
        }
        string[] named = method.Parameters.Where(IsNamed).Select(parameter => parameter.Name).ToArray();
        foreach (string name in named)
        {
            code.Append($"[CallerArgumentExpression(nameof(@{name}))] string {name}Text = \"\", ");
        }
        code.Append("[CallerFilePath] string file = \"\", [CallerLineNumber] int line = 0)\n    {\n");
        string arguments = string.Join(", ", method.Parameters.Select(parameter => "@" + parameter.Name));
        code.Append($"        base.@{method.Name}({arguments});\n");
        string texts = named.Length == 0 ? "\"\"" : string.Join(" + \" ; \" + ", named.Select(name => name + "Text"));
        code.Append($"        Note(file, line, {texts});\n    }}\n\n");
    }

    /// <summary>Whether what the source calls an operand says more than the instruction: numbers and memory, not registers.</summary>
    private static bool IsNamed(IParameterSymbol parameter) =>
        parameter.Type.SpecialType != SpecialType.None || parameter.Type.Name == "AssemblerMemoryOperand";
}
