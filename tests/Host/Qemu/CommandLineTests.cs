using System;
using System.Diagnostics;
using System.IO;
using Skerry.Qemu.Machines;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>The tool as a person meets it: what it prints where, and its exit status.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("skerry-command").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void ABadConfigurationIsRefusedWithFileLineAndReason()
    {
        string file = Write("{\n  \"children\": [\n    { \"name\": \"a\" }\n  ]\n}\n");
        (int status, string output, string errors) = Run("check", file);
        Assert.Equal((int)ExitStatus.BadInput, status);
        Assert.Equal($"{file}(3): a child needs \"binary\"", errors.TrimEnd());
        Assert.Empty(output);
    }

    [Fact]
    public void ABadTopologyIsRefusedBeforeAnythingStarts()
    {
        string file = Write("{ \"nodes\": [\n{ \"memory\": \"128M\", \"cpus\": 3 }],\n\"threadsPerL2\": 2 }");
        (int status, _, string errors) = Run("run", "--topology", file);
        Assert.Equal((int)ExitStatus.BadInput, status);
        Assert.Equal($"{file}(2): 3 CPUs cannot share L2 caches by 2", errors.TrimEnd());
    }

    [Theory]
    [InlineData("--bogus")]
    [InlineData("--cluster", "l3")]
    [InlineData("--timeout", "soon")]
    public void BadArgumentsAreBadInput(params string[] arguments)
    {
        (int status, _, string errors) = Run(["run", .. arguments]);
        Assert.Equal((int)ExitStatus.BadInput, status);
        Assert.StartsWith("skerry: ", errors);
    }

    [Fact]
    public void AnUnknownTopologyNamesThoseThereAre()
    {
        (int status, _, string errors) = Run("run", "--topology", "3x3");
        Assert.Equal((int)ExitStatus.BadInput, status);
        Assert.StartsWith("3x3: no such topology or file; there are 1x1, 2x2, 4x4", errors);
    }

    [Fact]
    public void AFileThatIsNotThereIsBadInput()
    {
        (int status, _, string errors) = Run("check", Path.Combine(_directory, "missing.json"));
        Assert.Equal((int)ExitStatus.BadInput, status);
        Assert.Contains("cannot be read", errors);
    }

    [Fact]
    public void AGoodFileIsDescribed()
    {
        string file = Write("{ \"nodes\": [{ \"memory\": \"128M\", \"cpus\": 4 }], \"threadsPerL2\": 2 }");
        (int status, string output, _) = Run("check", file);
        Assert.Equal(0, status);
        Assert.Contains("cluster=l2: 2 clusters of 2 CPUs", output);
    }

    private string Write(string text)
    {
        string path = Path.Combine(_directory, "file.json");
        File.WriteAllText(path, text);
        return path;
    }

    private static (int Status, string Output, string Errors) Run(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "skerry.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors);
    }
}
