using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>
/// What the Makefile and build.ps1 build before they boot, in any order of targets and changes: all that a machine boots and
/// that is older than its sources, and nothing else. A stand-in for <c>dotnet</c> says what it was asked for.
/// </summary>
public sealed class BuildOrderTests : IDisposable
{
    private const string Restore = "restore Skerry.slnx";
    private const string Machine = "build Machine.slnf";
    private const string All = "build Skerry.slnx";

    private readonly SourceTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("make")]
    [InlineData("build.ps1")]
    public void WhatIsOlderThanItsSourcesIsBuilt(string tool)
    {
        Asks(tool, "run", Restore, Machine);
        Asks(tool, "run");
        _tree.Change("kernel/Cpu.cs");
        Asks(tool, "run", Machine);
        Asks(tool, "bench");
        Asks(tool, "test", All);
        _tree.Change("build/link/kernel.ld");
        Asks(tool, "test", All);
        Asks(tool, "run");
        _tree.Remove("kernel/Cpu.cs");
        Asks(tool, "run", Machine);
        _tree.Change("kernel/Skerry.Kernel.csproj");
        Asks(tool, "run", Restore, Machine);
    }

    [Theory]
    [InlineData("make")]
    [InlineData("build.ps1")]
    public void WhatOnlyTestsReadIsBuiltForTests(string tool)
    {
        Asks(tool, "test", Restore, All);
        _tree.Change("tests/CpuTests.cs");
        _tree.Change("kernel/Checking/Rules.cs");
        Asks(tool, "run");
        Asks(tool, "fuzz", All);
        Asks(tool, "test");
    }

    /// <summary>Its build sees what changed during the other's, and its stamp is no younger than its build.</summary>
    [Theory]
    [InlineData("make")]
    [InlineData("build.ps1")]
    public void ABuildWaitsForAnotherMakes(string tool)
    {
        _tree.During("restore", _tree.Beside("make run", until: "another make builds here; waiting"));
        _tree.During("build", "touch build-began; sleep 0.1");
        string[] asked = _tree.Run(tool, "run", out int status);
        Assert.Equal((0, 0), (status, _tree.StatusBeside()));
        Assert.Contains("another make builds here; waiting", _tree.SaidBeside);
        Assert.Equal([Restore, Restore], asked.Where(line => line == Restore));
        Assert.InRange(_tree.TimeOf("out/machine-built"), DateTime.UnixEpoch, _tree.TimeOf("build-began"));
        Asks(tool, "run");
    }

    /// <summary>It may have been read before it changed.</summary>
    [Theory]
    [InlineData("make")]
    [InlineData("build.ps1")]
    public void WhatChangesDuringABuildIsBuiltAgain(string tool)
    {
        _tree.During("build", "sleep 0.1; touch kernel/Cpu.cs");
        Asks(tool, "run", Restore, Machine);
        _tree.During("build", "");
        Asks(tool, "run", Machine);
        Asks(tool, "run");
    }

    [Theory]
    [InlineData("make")]
    [InlineData("build.ps1")]
    public void ABuildThatFailedIsDoneAgain(string tool)
    {
        Asks(tool, "run", Restore, Machine);
        _tree.Change("kernel/Cpu.cs");
        _tree.During("build", "exit 1");
        Assert.Equal([Machine], _tree.Run(tool, "run", out int status));
        Assert.NotEqual(0, status);
        _tree.During("build", "");
        Asks(tool, "run", Machine);
    }

    [Theory]
    [InlineData("make")]
    [InlineData("build.ps1")]
    public void AnImageThatIsGoneIsBuiltAgain(string tool)
    {
        _tree.During("build", Built("boot", "kernel"));
        Asks(tool, "run", Restore, Machine);
        Asks(tool, "run");
        _tree.Remove("out/images/kernel.elf");
        Asks(tool, "test", All);
        Asks(tool, "run");
        _tree.Remove("out/images/boot.elf");
        Asks(tool, "run", Machine);
        Assert.Equal(["boot.elf", "kernel.elf"], _tree.Images);
        Asks(tool, "test", All);
        Asks(tool, "test");
    }

    /// <summary>Its project was removed, or makes another; one that is built by hand is somebody's.</summary>
    [Theory]
    [InlineData("make")]
    [InlineData("build.ps1")]
    public void AnImageThatNobodyBuildsIsRemoved(string tool)
    {
        _tree.During("build", Built("boot", "kernel", "old"));
        Asks(tool, "test", Restore, All);
        Assert.Equal(["boot.elf", "kernel.elf", "old.elf"], _tree.Images);
        _tree.Remove("out/projects/old");
        _tree.During("build", Built("own") + "printf 'out/projects/kernel\\ncore\\n' > out/objects/kernel.made\n");
        _tree.Change("kernel/Cpu.cs");
        Asks(tool, "run", Machine);
        Assert.Equal(["boot.elf", "own.elf"], _tree.Images);
        Asks(tool, "run");
    }

    /// <summary>What a build does that makes these images, each of a project of its name, outside of the sources.</summary>
    private static string Built(params string[] images) =>
        string.Concat(
            images.Select(image =>
                $"mkdir -p out/images out/objects out/projects; touch out/images/{image}.elf out/projects/{image}\n"
                + $"printf 'out/projects/{image}\\n{image}\\n' > out/objects/{image}.made\n"
            )
        );

    /// <summary>Runs a target and holds what it built, and that it went on to what it is for.</summary>
    private void Asks(string tool, string target, params string[] builds)
    {
        Assert.Equal((IEnumerable<string>)[.. builds, $"exec {target}"], _tree.Run(tool, target, out int status));
        Assert.Equal(0, status);
    }
}
