using System;
using System.Collections.Generic;
using System.IO;
using Skerry.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Where and with what a build works, or who says that it does not.</summary>
public sealed class SetupTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("skerry-setup").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Before anything is installed or built.</summary>
    [Theory]
    [InlineData('\'')]
    [InlineData(';')]
    [InlineData(':')]
    [InlineData('%')]
    [InlineData('*')]
    [InlineData('?')]
    [InlineData('@')]
    [InlineData('\\')]
    [InlineData('$')]
    public void APathThatNetCannotReadIsNamed(char sign)
    {
        string root = Path.Combine(_directory, $"a{sign}b");
        string script = Path.Combine(root, "qemu", "setup.sh");
        Directory.CreateDirectory(Path.GetDirectoryName(script)!);
        File.Copy(Path.Combine(Repository.Locate().Root, "qemu", "setup.sh"), script);
        HostProgram run = HostProgram.Run(script);
        Assert.Equal(1, run.Status);
        Assert.Contains(sign, run.Error[..run.Error.IndexOf(" in it")]);
        Assert.EndsWith($"which .NET takes for its own: {root}\n", run.Error);
    }

    /// <summary>A shell of other tools may have one, and MSBuild takes its environment for properties.</summary>
    [Theory]
    [InlineData("Skerry.slnx")]
    [InlineData("Machine.slnf")]
    public void APlatformInTheEnvironmentIsNoneOfTheBuilds(string solution)
    {
        var variables = new Dictionary<string, string?> { ["Platform"] = "x64" };
        string[] options = ["-p:Configuration=Release", "-t:ValidateSolutionConfiguration", "-v:quiet"];
        HostProgram run = HostProgram.RunWith(variables, "dotnet", ["msbuild", solution, .. options]);
        Assert.Equal("", run.Output.Trim());
        Assert.Equal(0, run.Status);
        run = HostProgram.RunWith(variables, "dotnet", "msbuild", "core/Skerry.Core.csproj", "-getProperty:Platform");
        Assert.Equal("AnyCPU", run.Output.Trim());
    }
}
