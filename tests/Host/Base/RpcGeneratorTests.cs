using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Skerry.Base.Generator;
using Xunit;
using static Skerry.Tests.Host.Base.RpcCompilation;

namespace Skerry.Tests.Host.Base;

/// <summary>What the generator says to interfaces that can't be called from afar, and where.</summary>
public class RpcGeneratorTests
{
    [Theory]
    [InlineData("SKRPC001", "R M(string [|s|]);")]
    [InlineData("SKRPC001", "R M(object [|o|]);")]
    [InlineData("SKRPC001", "R M(double [|d|]);")]
    [InlineData("SKRPC001", "unsafe R M(byte* [|p|]);")]
    [InlineData("SKRPC001", "R M(PointerInside [|p|]);")]
    [InlineData("SKRPC001", "R M(Span<int> [|s|]);")]
    [InlineData("SKRPC002", "R M(ReadOnlySpan<byte> [|text|]);")]
    [InlineData("SKRPC002", "R M([MaximumLength(0)] ReadOnlySpan<byte> [|text|]);")]
    [InlineData("SKRPC002", "R M([MaximumLength(497)] Span<byte> [|buffer|]);")]
    [InlineData("SKRPC003", "int [|M|]();")]
    [InlineData("SKRPC003", "void [|M|]();")]
    [InlineData("SKRPC003", "WithoutFailure [|M|]();")]
    [InlineData("SKRPC004", "R [|M|](Large a, Large b);")]
    [InlineData("SKRPC004", "R [|M|](out Large a, out Large b);")]
    [InlineData(
        "SKRPC004",
        "R [|M|]([MaximumLength(300)] ReadOnlySpan<byte> a, [MaximumLength(300)] ReadOnlySpan<byte> b);"
    )]
    [InlineData("SKRPC005", "R [|M|](Capability a, Capability b, Capability c, DataspaceCapability d);")]
    [InlineData("SKRPC005", "R [|M|](out Capability a, out Capability b, out Capability c, out Capability d);")]
    [InlineData("SKRPC006", "R [|M|]<T>();")]
    [InlineData("SKRPC006", "int [|P|] { get; }")]
    [InlineData("SKRPC006", "static R [|M|]() => R.Ok;")]
    [InlineData("SKRPC007", "[RpcMethod(0)] R [|M|]();")]
    [InlineData("SKRPC007", "[RpcMethod(4096)] R [|M|]();")]
    [InlineData("SKRPC007", "R A(); [RpcMethod(1)] R [|M|]();")]
    [InlineData("SKRPC008", "R M(ref int [|i|]);")]
    [InlineData("SKRPC008", "R M(out Span<byte> [|s|]);")]
    [InlineData("SKRPC009", "R M(); R [|M|](int i);")]
    [InlineData("SKRPC012", "R M(Empty [|e|]);")]
    [InlineData("SKRPC012", "R M(out Empty [|e|]);")]
    [InlineData("SKRPC003", "Empty [|M|]();")]
    [InlineData("SKRPC011", "R M(int [|__words|]);")]
    [InlineData("SKRPC011", "R [|__client|]();")]
    [InlineData("SKRPC011", "R [|Dispatch|]();")]
    [InlineData("SKRPC011", "R [|Slot|]();")]
    [InlineData("SKRPC011", "R [|get_Slot|]();")]
    [InlineData("SKRPC011", "R [|InterfaceHash|]();")]
    [InlineData("SKRPC011", "R [|TServer|]();")]
    [InlineData("SKRPC011", "R [|TTransport|]();")]
    [InlineData("SKRPC011", "R [|ThingClient|]();")]
    [InlineData("SKRPC011", "R [|ThingDispatch|]();")]
    [InlineData("SKRPC011", "R [|ThingMethods|]();")]
    [InlineData("SKRPC011", "R [|ToString|]();")]
    [InlineData("SKRPC011", "R [|Equals|](int i);")]
    public void AMistakeIsToldWithItsPlace(string expected, string member)
    {
        string marked = Source($"[RpcInterface] public interface IThing {{ {member} }}");
        int start = marked.IndexOf("[|", StringComparison.Ordinal);
        string text = marked.Replace("[|", "").Replace("|]", "");
        GeneratorDriverRunResult result = Run(text);
        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(expected, diagnostic.Id);
        Assert.Equal(start, diagnostic.Location.SourceSpan.Start);
        Assert.Equal("Thing.cs", diagnostic.Location.GetLineSpan().Path);
        Assert.Empty(result.GeneratedTrees);
    }

    [Theory]
    [InlineData("[RpcInterface] public interface Thing { R M(); }")]
    [InlineData("[RpcInterface] public interface IThing { }")]
    [InlineData("[RpcInterface] public interface IThing { const int Constant = 3; }")]
    [InlineData("[RpcInterface] public interface IThing<T> { R M(); }")]
    [InlineData("[RpcInterface] public interface IThing : System.IDisposable { R M(); }")]
    [InlineData("public class Outer { [RpcInterface] public interface IThing { R M(); } }")]
    public void AnInterfaceOfTheWrongMakeIsRefused(string declaration)
    {
        Diagnostic diagnostic = Assert.Single(Run(Source(declaration)).Diagnostics);
        Assert.Equal("SKRPC010", diagnostic.Id);
    }

    [Fact]
    public void TwoInterfacesOfOneNameAreTwo() =>
        Assert.Empty(
            Complaints(
                """
                [RpcInterface] public interface IThing { R M(); }
                [RpcInterface] public interface Ithing { R M(); }
                """
            )
        );

    [Theory]
    [InlineData("[RpcInterface] public class IThing { }")]
    [InlineData("[RpcInterface] public struct IThing { }")]
    [InlineData("public interface IThing { [RpcInterface] R M(); }")]
    [InlineData("public interface IThing { R M([RpcMethod(1)] int i); }")]
    [InlineData("[RpcMethod(1)] public interface IThing { R M(); }")]
    [InlineData("public interface IThing { [MaximumLength(1)] R M(); }")]
    public void AnAttributeWhereItSaysNothingIsRefused(string declaration) =>
        Assert.Contains("CS0592", Complaints(declaration).Select(static d => d.Id));

    [Fact]
    public void WhatIsGeneratedCompiles()
    {
        Assert.Empty(
            Complaints(
                """
                internal enum Word { @else, other }
                [RpcInterface]
                internal interface IThing
                {
                    const int Constant = 3;
                    R None();
                    R NoFlag(NoFlags a, out NoFlags b);
                    R Keyword(Word @class, out bool @out, [MaximumLength(8)] System.Span<byte> @in);
                    R Full([MaximumLength(496)] ReadOnlySpan<byte> text, Capability a, DataspaceCapability b, out Large large);
                }
                """
            )
        );
    }

    [Fact]
    public void AnEditElsewhereGeneratesNothingAnew()
    {
        string source = Source("[RpcInterface] public interface IThing { R M(int a, Large b); }");
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new RpcGenerator().AsSourceGenerator()],
            driverOptions: new GeneratorDriverOptions(default, trackIncrementalGeneratorSteps: true)
        );
        CSharpCompilation compilation = Compilation(source);
        driver = driver.RunGenerators(compilation);
        driver = driver.RunGenerators(compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Other { }")));
        ImmutableArray<(object, IncrementalStepRunReason Reason)> outputs = driver
            .GetRunResult()
            .Results[0]
            .TrackedOutputSteps.SelectMany(static s => s.Value)
            .SelectMany(static s => s.Outputs)
            .ToImmutableArray();
        Assert.NotEmpty(outputs);
        Assert.All(outputs, static o => Assert.Equal(IncrementalStepRunReason.Cached, o.Reason));
    }
}
