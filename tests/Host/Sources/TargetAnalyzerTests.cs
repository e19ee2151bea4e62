using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Skerry.Build.Generator;
using Skerry.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Sources;

/// <summary>What code for the target is refused, though the compilers would take it, and what it is not.</summary>
public sealed class TargetAnalyzerTests
{
    [Theory]
    [InlineData("SKT001", "static A [|S|] = new A();")]
    [InlineData("SKT001", "static A? [|S|];")]
    [InlineData("SKT001", "static ulong[] [|S|] = new ulong[2];")]
    [InlineData("SKT001", "static string [|S|] = \"\";")]
    [InlineData("SKT001", "static Holder [|S|];")]
    [InlineData("SKT001", "static A? [|S|] { get; set; }")]
    [InlineData("SKT001", "internal static A [|S|] { get; private set; } = new A();")]
    [InlineData("SKT001", "static event System.Action? [|S|];")]
    [InlineData("SKT001", "class Of<T> { static T [|S|] = default!; }")]
    [InlineData("SKT001", "[System.ThreadStatic] static int [|S|];")]
    [InlineData("SKT002", "static int M() { try { return 1; } [|catch|] { return 2; } }")]
    [InlineData("SKT002", "static int M() { try { return 1; } [|catch|] (System.Exception) { return 2; } }")]
    [InlineData("SKT003", "static void M() { [|throw|] new System.Exception(); }")]
    [InlineData("SKT003", "static A M(A? a) => a ?? [|throw|] null!;")]
    [InlineData("SKT004", "static void M(A a) { [|lock|] (a) { } }")]
    [InlineData("SKT005", "[RuntimeExport(\"SkerryMain\")] static void [|Main|](in Environment e) { }")]
    [InlineData("SKT005", "[RuntimeExport(\"SkerryMain\")] static int [|Main|](in Environment e) => 0;")]
    [InlineData("SKT005", "[RuntimeExport(\"SkerryMain\")] static ulong [|Main|](Environment e) => 0;")]
    [InlineData("SKT005", "[RuntimeExport(\"SkerryMain\")] static ulong [|Main|](ref Environment e) => 0;")]
    [InlineData("SKT005", "[RuntimeExport(\"SkerryMain\")] static ulong [|Main|](in Plain e) => 0;")]
    [InlineData("SKT005", "[RuntimeExport(\"SkerryMain\")] static ulong [|Main|](in Environment e, int i) => 0;")]
    [InlineData("SKT005", "[RuntimeExport(\"SkerryMain\")] static ulong [|Main|](string[] words) => 0;")]
    [InlineData("SKT005", "[RuntimeExport(\"SkerryMain\")] static void [|Main|]() { }")]
    [InlineData("SKT005", "[RuntimeExport(\"SkerryMain\")] ulong [|Main|](in Environment e) => 0;")]
    [InlineData("SKT005", "const string E = \"SkerryMain\"; [RuntimeExport(E)] static void [|Main|]() { }")]
    [InlineData("SKT005", "[RuntimeExport(\"ComponentMain\")] static ulong [|Main|](ulong argument) => 0;")]
    [InlineData("SKT005", "[RuntimeExport(\"ComponentMain\")] static void [|Main|](in ulong argument) { }")]
    [InlineData("SKT005", "[RuntimeExport(\"ThreadMain\")] static void [|ThreadMain|]() { }")]
    [InlineData("SKT005", "[RuntimeExport(\"RuntimeFailure\")] static void [|OnFailure|](ulong reason) { }")]
    public async Task IsRefused(string expected, string member)
    {
        string marked = Source(member);
        int start = marked.IndexOf("[|", System.StringComparison.Ordinal);
        Diagnostic diagnostic = Assert.Single(await Analyze(marked.Replace("[|", "").Replace("|]", "")));
        Assert.Equal((expected, start), (diagnostic.Id, diagnostic.Location.SourceSpan.Start));
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
    }

    [Theory]
    [InlineData("static readonly A S = new A();")]
    [InlineData("static readonly ulong[] S = [1, 2];")]
    [InlineData("static A S { get; } = new A();")]
    [InlineData("static A S => new A();")]
    [InlineData("const string S = \"\";")]
    [InlineData("static ulong S = 5;")]
    [InlineData("static unsafe ulong* S;")]
    [InlineData("static Plain S;")]
    [InlineData("A? S; string T = \"\";")]
    [InlineData("static int M() { try { return 1; } finally { Count++; } } static int Count;")]
    [InlineData("static void M() { using Scope scope = default; }")]
    [InlineData("[RuntimeExport(\"SkerryMain\")] static ulong Main(in Environment environment) => 0;")]
    [InlineData("[RuntimeExport(\"SkerryMain\")] static ulong Other(in Skerry.Base.Startup.Environment _) => 0;")]
    [InlineData("[RuntimeExport(\"ComponentMain\")] static void Main(ulong argument) { }")]
    [InlineData("[RuntimeExport(\"ThreadMain\")] static void ThreadMain(ulong argument) { }")]
    [InlineData("[RuntimeExport(\"RuntimeFailure\")] static void OnFailure(uint reason) { }")]
    [InlineData("[RuntimeExport(\"Other\")] static int Main() => 0;")]
    [InlineData("static int Main() => 0;")]
    public async Task IsTaken(string member) => Assert.Empty(await Analyze(Source(member)));

    [Fact]
    public async Task OfWhatRunsOnTheHostNothingIsAsked() =>
        Assert.Empty(await Analyze(Source("static A S = new A();"), onTarget: false));

    /// <summary>The analyzer reads all that imports the target's properties, and its symbol is theirs.</summary>
    [Fact]
    public void AllCodeOfTheTargetIsRead()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Locate().Root, "runtime/Freestanding.props"));
        Assert.Contains(";FREESTANDING<", text);
        Assert.Contains("build/generator/Skerry.Build.Generator.csproj", text);
    }

    private static string Source(string member) =>
        $$"""
            #nullable enable
            using Skerry.Base.Startup;
            class A { }
            struct Plain { public int Number; }
            struct Holder { public A? A; }
            ref struct Scope { public void Dispose() { } }
            class RuntimeExportAttribute : System.Attribute { public RuntimeExportAttribute(string name) { } }
            class Thing { {{member}} }
            namespace Skerry.Base.Startup { public ref struct Environment { } }
            """;

    private static async Task<ImmutableArray<Diagnostic>> Analyze(string text, bool onTarget = true)
    {
        string[] symbols = onTarget ? ["FREESTANDING"] : [];
        var options = new CSharpParseOptions(LanguageVersion.Preview, preprocessorSymbols: symbols);
        var compilation = CSharpCompilation.Create(
            "Thing",
            [CSharpSyntaxTree.ParseText(text, options)],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true)
        );
        Assert.DoesNotContain(compilation.GetDiagnostics(), one => one.Severity == DiagnosticSeverity.Error);
        return await compilation.WithAnalyzers([new TargetAnalyzer()]).GetAnalyzerDiagnosticsAsync();
    }
}
