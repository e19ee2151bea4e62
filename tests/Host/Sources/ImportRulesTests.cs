using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Sources;

/// <summary>Imports point one way (docs/build.md): what a part may take from, and nothing else.</summary>
public sealed class ImportRulesTests
{
    /// <summary>
    /// Images name build/stubs, because the tool there must be built before them; it compiles the entries that each part
    /// writes with it (kernel/Entry and others). Host tools compile constants and record
    /// formats of the target, so that there is one source of each. All that runs on the target is read by the analyzer in
    /// build/generator.
    /// </summary>
    private static readonly Dictionary<string, string[]> _allowed = new()
    {
        ["runtime"] = ["build/generator"],
        ["kernel/abi"] = ["runtime", "build/generator"],
        ["kernel"] = ["kernel/abi", "runtime", "build/stubs", "build/generator"],
        ["boot"] = ["kernel/abi", "base/archive", "base/needs", "runtime", "build/stubs", "build/generator"],
        ["build/generator"] = [],
        ["build/stubs"] = ["build/generator", "kernel/abi", "kernel", "boot", "base", "apps"],
        ["base/archive"] = [],
        ["base/configuration"] = [],
        ["base/needs"] = [],
        ["base/generator"] = [],
        ["base"] = ["kernel/abi", "runtime", "base/generator", "build/generator"],
        ["core"] = ["base", "base/generator", "kernel/abi", "runtime", "build/stubs", "build/generator"],
        ["vcore"] = ["base", "base/generator", "kernel/abi", "runtime", "build/stubs", "build/generator"],
        ["apps"] = ["base", "base/generator", "kernel/abi", "runtime", "build/stubs", "build/generator"],
        ["qemu"] = ["kernel/abi", "base/configuration", "base/needs", "core"],
    };

    [Fact]
    public void NoProjectTakesFromWhereItMayNot()
    {
        (string From, string To)[] imports = ProjectImports.Read(Repository.Locate().Root).ToArray();
        Assert.Contains(("vcore", "base"), imports);
        Assert.Contains(("kernel", "kernel/abi"), imports);
        Assert.Empty(Forbidden(imports));
    }

    [Theory]
    [InlineData("kernel/Kernel.csproj", "../base/Skerry.Base.csproj")]
    [InlineData("kernel/abi/Abi.csproj", "../Skerry.Kernel.csproj")]
    [InlineData("base/Base.csproj", "../core/Skerry.Core.csproj")]
    [InlineData("core/Core.csproj", "$(SkerryRoot)kernel/Skerry.Kernel.csproj")]
    [InlineData("qemu/Qemu.csproj", "../tests/Skerry.Tests.csproj")]
    public void AWrongReferenceIsSeen(string project, string reference) =>
        Assert.Single(Forbidden(ImportsOf(project, $"""<ProjectReference Include="{reference}" />""")));

    [Fact]
    public void ACompiledSourceIsSeen() =>
        Assert.Equal(
            [("apps", "core")],
            Forbidden(ImportsOf("apps/app/App.csproj", """<Compile Include="../../core/**/*.cs" />"""))
        );

    private static (string From, string To)[] Forbidden(IEnumerable<(string From, string To)> imports) =>
        imports
            .Where(import => import.From != "tests" && !_allowed[import.From].Contains(import.To))
            .Distinct()
            .ToArray();

    private static (string From, string To)[] ImportsOf(string project, string item)
    {
        string root = Path.Combine(Path.GetTempPath(), $"skerry-{Guid.NewGuid():N}");
        string file = Path.Combine(root, project);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        try
        {
            File.WriteAllText(file, $"<Project><ItemGroup>{item}</ItemGroup></Project>");
            return ProjectImports.Read(root).ToArray();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
