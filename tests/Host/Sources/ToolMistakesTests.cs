using System.Collections.Generic;
using Skerry.Stubs;
using Xunit;

namespace Skerry.Tests.Host.Sources;

/// <summary>What the build says of what ilc and ld find wrong.</summary>
public sealed class ToolMistakesTests
{
    private static readonly ToolMistakes _mistakes = new("/home/me/skerry/");

    [Fact]
    public void AMissingSymbolIsToldWithTheLineThatUsesIt() =>
        Assert.Equal(
            [
                "/home/me/skerry/apps/hello/Program.cs(6): error SKT100: throw: there are no exceptions on the target; "
                    + "return a result [RhpThrowEx] (docs/build.md)",
            ],
            Explain(
                "ld: /x/hello.o: in function `Skerry_Apps_Hello_Program__Main':",
                "/skerry/apps/hello/Program.cs:6: undefined reference to `RhpThrowEx'",
                "ld: /skerry/apps/hello/Program.cs:6: undefined reference to `RhpThrowEx'"
            )
        );

    [Theory]
    [InlineData("/x/core.o:(.text+0x4): undefined reference to `RhpNewFast'", "ld : error SKT100: new of a class or")]
    [InlineData(
        "ld: /x/a.o:a.cs:(.text+0x4): undefined reference to `Other'",
        "ld : error SKT100: nothing on the target"
    )]
    [InlineData(
        "/skerry/base/Startup/Machine/ComponentEntry.cs:25: undefined reference to `SkerryMain'",
        "ld : error SKT100: no method has [RuntimeExport(\"SkerryMain\")]"
    )]
    [InlineData("ld: cannot find /x/a.o: No such file or directory", "ld : error SKT100: cannot find /x/a.o")]
    [InlineData(
        "Error: An item with the same key has already been added. Key: SkerryMain",
        "ilc : error SKT100: two methods are exported as SkerryMain"
    )]
    [InlineData("Error: Something new", "ilc : error SKT100: Something new (docs/build.md)")]
    [InlineData("Segmentation fault", "build : error SKT100: Segmentation fault")]
    public void AMessageBecomesAMistake(string message, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Explain(message)));

    [Theory]
    [InlineData("Expected method 'RhBox' not found on type '[Skerry.Runtime]System.Runtime.RuntimeExports'", "boxing")]
    [InlineData(
        "Expected method 'InitializeClosedInstance' not found on type '[Skerry.Runtime]System.Delegate'",
        "a delegate"
    )]
    [InlineData("Expected type 'System.Math' not found in module 'Skerry.Runtime'", "a conversion with a check")]
    [InlineData(
        "Expected type 'Internal.Runtime.CompilerHelpers.LdTokenHelpers' not found in module",
        "constant values"
    )]
    public void WhatIlcCannotDoIsAFeatureOfAMethod(string cause, string feature)
    {
        const string failed = "(Code generation failed for method '[Skerry.Apps.Hello]Program.Main(Environment&)')";
        string mistake = Assert.Single(
            Explain(
                $"Error: One or more errors occurred. {failed}",
                $"System.AggregateException: One or more errors occurred. {failed}",
                " ---> ILCompiler.CodeGenerationFailedException: Code generation failed for method 'x'",
                $" ---> System.InvalidOperationException: {cause}",
                "   at Internal.IL.HelperExtensions.GetKnownType(ModuleDesc, String, String) + 0x9d"
            )
        );
        Assert.StartsWith($"ilc : error SKT100: [Skerry.Apps.Hello]Program.Main(Environment&): {feature}", mistake);
        Assert.Contains(cause, mistake);
    }

    [Fact]
    public void AStaticIsToldWithTheClassesThatItMayBeOf() =>
        Assert.Equal(
            "ld : error SKT100: a static has a value; it is one of App_A, App_B (docs/build.md)",
            Assert.Single(
                _mistakes.Explain(
                    ["ld: a static has a value"],
                    [
                        "<GCStatics Name=\"__GCSTATICSApp_A\" Length=\"8\" />",
                        "<X Name=\"__GCSTATICSApp_A__PreInitData\" Length=\"8\" />",
                        "<MethodCode Name=\"App_B___cctor\" Length=\"8\" />",
                        "<NonGCStatics Name=\"__NONGCSTATICSApp_C\" Length=\"8\" />",
                    ]
                )
            )
        );

    private static IReadOnlyList<string> Explain(params string[] messages) => _mistakes.Explain(messages, []);
}
