using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Skerry.Base.Generator;
using Skerry.Base.Rpc;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>Runs the generator over interfaces that stand in text, and the compiler over what comes of it.</summary>
internal static class RpcCompilation
{
    private static readonly CSharpParseOptions _options = new(LanguageVersion.CSharp13);

    private static readonly MetadataReference[] _references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(':')
            .Append(typeof(RpcMessage).Assembly.Location)
            .Distinct()
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A file with the declaration, and types for it to name.</summary>
    public static string Source(string declaration) =>
        Within(
            "Things",
            $$"""
            public enum R { Ok, CallFailed }
            public enum WithoutFailure { Ok }
            public enum Empty { }
            [Flags] public enum NoFlags { }
            public unsafe struct PointerInside { public byte* P; }
            [InlineArray(40)] public struct Large { private ulong _w; }
            {{declaration}}
            """
        );

    public static string Within(string space, string declarations) =>
        $$"""
            using System;
            using System.Runtime.CompilerServices;
            using Skerry.Base.Kernel;
            using Skerry.Base.Rpc;
            using Skerry.Base.Sessions;
            namespace {{space}};
            {{declarations}}
            """;

    /// <summary>What the compiler says to a declaration and to what is generated for it.</summary>
    public static Diagnostic[] Complaints(string declaration) =>
        Complaints(Compile(Compilation(Source(declaration)), out _));

    public static Diagnostic[] Complaints(Compilation compilation) =>
        [
            .. compilation
                .GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(static d => d.Severity >= DiagnosticSeverity.Warning),
        ];

    public static GeneratorDriverRunResult Run(string source) =>
        CSharpGeneratorDriver.Create(new RpcGenerator()).RunGenerators(Compilation(source)).GetRunResult();

    /// <param name="compilation">Of the sources.</param>
    /// <param name="told">What the generator says to them.</param>
    /// <returns>With what is generated.</returns>
    public static Compilation Compile(Compilation compilation, out Diagnostic[] told)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new RpcGenerator().AsSourceGenerator()],
            parseOptions: _options
        );
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        told = [.. driver.GetRunResult().Diagnostics];
        return output;
    }

    public static CSharpCompilation Compilation(string source) => Compilation(File(source, "Thing.cs"));

    public static CSharpCompilation Compilation(params SyntaxTree[] files) =>
        CSharpCompilation.Create(
            "Things",
            files,
            _references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true)
        );

    public static SyntaxTree File(string source, string path) => CSharpSyntaxTree.ParseText(source, _options, path);
}
