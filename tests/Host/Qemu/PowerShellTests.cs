using System;
using System.IO;
using Skerry.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>
/// build.ps1 itself, in PowerShell. Not run are <c>setup</c> and <c>debug</c>, which install programs, and <c>test</c>, which
/// would test this; <c>format</c> and <c>clean</c> run in a folder of their own.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class PowerShellTests
{
    private static readonly Repository _repository = Repository.Locate();

    private static HostProgram Build(params string[] arguments) =>
        HostProgram.Run("dotnet", ["pwsh", "-NoProfile", "build.ps1", .. arguments]);

    [Fact]
    public void HelpNamesEveryTarget()
    {
        HostProgram help = Build("help");
        Assert.Equal(0, help.Status);
        foreach (string target in new[] { "setup", "run", "test", "bench", "fuzz", "debug", "format", "clean" })
        {
            Assert.Contains($"{Environment.NewLine}{target}", Environment.NewLine + help.Output);
        }
    }

    [Theory]
    [InlineData("all essential children have exited with 0", "run", "-Topology", "1x1")]
    [InlineData("kernel", "bench", "-Suite", "images")]
    [InlineData("calls", "fuzz", "-Calls", "2000", "-Seed", "7")]
    public void ATargetDoesWhatMakesDoes(string said, params string[] arguments)
    {
        HostProgram run = Build(arguments);
        Assert.Equal(0, run.Status);
        Assert.Contains(said, run.Output + run.Error);
    }

    [Fact]
    public void WhatFailsFails()
    {
        HostProgram run = Build("run", "-Topology", "no-such-machine");
        Assert.NotEqual(0, run.Status);
        Assert.Contains("no-such-machine", run.Output + run.Error);
    }

    [Fact]
    public void AParameterThatTheTargetDoesNotReadIsRefused()
    {
        HostProgram run = Build("test", "-Topology", "8x10");
        Assert.Equal(2, run.Status);
        Assert.Contains("build.ps1 test does not read Topology; it reads Suite, Soak", run.Error);
    }

    [Fact]
    public void AParameterThatASuiteDoesNotReadIsRefused()
    {
        HostProgram run = Build("bench", "-Suite", "images", "-Topology", "8x10");
        Assert.Equal(2, run.Status);
        Assert.Contains("build.ps1 bench -Suite images does not read Topology; it reads Suite", run.Error);
    }

    [Fact]
    public void CleanRemovesTheOutputOfItsOwnFolder()
    {
        string folder = Directory.CreateTempSubdirectory("skerry-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "out", "bin"));
            string script = Path.Combine(folder, "build.ps1");
            File.Copy(Path.Combine(_repository.Root, "build.ps1"), script);
            Assert.Equal(0, HostProgram.Run("dotnet", ["pwsh", "-NoProfile", script, "clean"]).Status);
            Assert.Equal([script], Directory.EnumerateFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
