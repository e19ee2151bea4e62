using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Skerry.Tests.Host.Docs;
using Xunit;

namespace Skerry.Tests.Host.Sources;

/// <summary>A constant stands in one place: no part has two of the same name and value in different classes.</summary>
public sealed class ConstantTests
{
    /// <summary>Equal by chance; one could change without the other.</summary>
    private static readonly HashSet<string> _chance =
    [
        "base: BitsPerWord = 64", // Of two bitmaps.
        "base: MaximumName = 32", // Of a child, of a thread.
        "boot: Capacity = 256", // A table of CPUs, a set of ranges.
        "boot: EnabledFlag = 1", // Flags of two ACPI structures.
        "kernel: CallLine = 0", // Of a thread, of a CPU.
        "kernel: SizeBits = 6", // Of objects that happen to be as large.
        "kernel: SizeBits = 7",
        "boot: Masked = 1 << 16", // Registers of the I/O APIC and of the local APIC.
    ];

    [Theory]
    [InlineData("base")]
    [InlineData("boot")]
    [InlineData("core")]
    [InlineData("vcore")]
    [InlineData("qemu")]
    [InlineData("build")]
    [InlineData("kernel")]
    public void NoConstantStandsTwice(string part)
    {
        IEnumerable<string> sources = Pages
            .FilesBelow(Path.Combine(Pages.Root, part))
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && !IsGenerator(file))
            .Select(File.ReadAllText);
        Assert.Empty(Twice(sources).Select(constant => $"{part}: {constant}").Except(_chance));
    }

    [Fact]
    public void AConstantThatStandsTwiceIsSeen() =>
        Assert.Equal(
            ["Page = 4096"],
            Twice([
                "class A { const int Page = 4_096; const int Other = 1; }",
                "class B { public const ulong Page = 4096; }",
            ])
        );

    [Fact]
    public void AConstantThatNamesAnotherIsNone() =>
        Assert.Empty(Twice(["class A { const int Page = 4096; }", "class B { const int Page = A.Page; }"]));

    /// <summary>A generator is a library of the compiler, and can't have what the target has.</summary>
    private static bool IsGenerator(string file) => file.Contains("/generator/", StringComparison.Ordinal);

    private static IEnumerable<string> Twice(IEnumerable<string> sources) =>
        sources
            .SelectMany(source => Constants(source).Distinct())
            .GroupBy(constant => constant)
            .Where(same => same.Count() > 1)
            .Select(same => same.Key);

    /// <summary>Fields alone: constants of a method are its own business.</summary>
    private static IEnumerable<string> Constants(string source) =>
        from field in CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<FieldDeclarationSyntax>()
        where field.Modifiers.Any(SyntaxKind.ConstKeyword)
        from variable in field.Declaration.Variables
        where variable.Initializer!.Value is not MemberAccessExpressionSyntax
        select $"{variable.Identifier} = {variable.Initializer!.Value}".Replace("_", "", StringComparison.Ordinal);
}
