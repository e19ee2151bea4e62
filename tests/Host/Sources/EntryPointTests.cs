using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Skerry.Base.Layout;
using Skerry.Boot.Layout;
using Skerry.Kernel.Layout;
using Skerry.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Sources;

/// <summary>
/// What C# and the instructions of an entry call each other by has one name, a constant that both sides use; in the kernel
/// and in bootstrap it is the class and the method.
/// </summary>
public sealed class EntryPointTests
{
    private const string Literal = "\"";

    private static readonly string _root = Repository.Locate().Root;

    [Theory]
    [InlineData("kernel")]
    [InlineData("boot")]
    [InlineData("base")]
    [InlineData("core")]
    [InlineData("vcore")]
    [InlineData("apps")]
    public void NoSymbolIsALiteral(string part)
    {
        EntryPointUse[] uses = [.. Sources(part).SelectMany(EntryPointUses.OfAttributes)];
        Assert.NotEmpty(uses);
        Assert.DoesNotContain(uses, use => use.Name.StartsWith(Literal, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("kernel/Entry")]
    [InlineData("boot/Entry")]
    [InlineData("base/Entry")]
    [InlineData("apps/kernelbench/Measured")]
    public void NoEntryCallsALiteral(string entry) =>
        Assert.Empty(Sources(entry).SelectMany(EntryPointUses.LiteralsOfEntry));

    [Theory]
    [InlineData("kernel", typeof(EntryPoints))]
    [InlineData("boot", typeof(BootEntryPoints))]
    public void ASymbolIsItsClassAndMethod(string part, Type names)
    {
        Dictionary<string, string> symbols = Symbols(names);
        EntryPointUse[] uses = [.. Sources(part).SelectMany(EntryPointUses.OfAttributes)];
        Assert.Empty(Misnamed(uses, symbols));
        Assert.Equal(symbols.Keys.Order(), uses.Select(use => use.Name).Where(symbols.ContainsKey).Order());
    }

    [Theory]
    [InlineData("kernel/Entry", typeof(EntryPoints))]
    [InlineData("boot/Entry", typeof(BootEntryPoints))]
    [InlineData(
        "base/Entry",
        typeof(ComponentEntryPoints),
        nameof(ComponentEntryPoints.SkerryMain),
        nameof(ComponentEntryPoints.VcoreMain)
    )]
    public void EachSymbolIsUsedByTheEntry(string entry, Type names, params string[] besides)
    {
        IEnumerable<string> used = Sources(entry).SelectMany(EntryPointUses.Members);
        Assert.Empty(Symbols(names).Keys.Except(used).Except(besides.Select(name => $"{names.Name}.{name}")));
    }

    [Fact]
    public void ALiteralIsSeen()
    {
        const string export = """class Fastpath { [RuntimeExport("FastpathCall")] static void Call() { } }""";
        const string import = """class Hardware { [RuntimeImport("*", "Halt")] static extern void Halt(); }""";
        Assert.Equal([new("Fastpath.Call", "\"FastpathCall\"")], EntryPointUses.OfAttributes(export));
        Assert.Equal([new("Hardware.Halt", "\"Halt\"")], EntryPointUses.OfAttributes(import));
        Assert.Equal(
            ["\"Slow\"", "\"Door\""],
            EntryPointUses.LiteralsOfEntry(
                """class S { void W() { a.call(code.Target("Slow")); Leaf(file, "Door"); } }"""
            )
        );
    }

    [Fact]
    public void AnotherMethodsSymbolIsSeen()
    {
        const string source = """
            class Fastpath { [RuntimeExport(EntryPoints.FastpathReplyRecv)] static void Call() { } }
            """;
        Assert.Single(Misnamed(EntryPointUses.OfAttributes(source), Symbols(typeof(EntryPoints))));
    }

    private static IEnumerable<EntryPointUse> Misnamed(
        IEnumerable<EntryPointUse> uses,
        Dictionary<string, string> symbols
    ) => uses.Where(use => symbols.TryGetValue(use.Name, out string? symbol) && symbol != use.Method);

    /// <summary>By what a source writes for them.</summary>
    private static Dictionary<string, string> Symbols(Type names) =>
        names
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(field => $"{names.Name}.{field.Name}", field => (string)field.GetRawConstantValue()!);

    private static IEnumerable<string> Sources(string part) =>
        Directory
            .EnumerateFiles(Path.Combine(_root, part), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText);
}
