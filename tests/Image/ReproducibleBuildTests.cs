using System;
using System.IO;
using CliWrap;
using CliWrap.Buffered;
using Skerry.Qemu;
using Xunit;

namespace Skerry.Tests.Image;

/// <summary>A second build, somewhere else, gives the same images byte for byte.</summary>
public sealed class ReproducibleBuildTests : IDisposable
{
    private static readonly string[] _projects = ["kernel", "boot", "apps/toucher"];

    private readonly string _copy = Path.Combine(Path.GetTempPath(), $"skerry-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    [Fact]
    public void TwoBuildsGiveTheSameImages()
    {
        Repository repository = Repository.Locate();
        CopySources(repository.Root, _copy);
        foreach (string project in _projects)
        {
            Build(project);
            string name = Path.GetFileName(project) + ".elf";
            byte[] again = File.ReadAllBytes(Path.Combine(_copy, "out", "images", name));
            Assert.True(
                File.ReadAllBytes(Path.Combine(repository.Images, name)).AsSpan().SequenceEqual(again),
                $"{name} differs from the one that was built in {_copy}"
            );
        }
    }

    private static void CopySources(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
        foreach (string directory in Directory.EnumerateDirectories(from))
        {
            string name = Path.GetFileName(directory);
            if (name is not ("out" or ".git"))
            {
                CopySources(directory, Path.Combine(to, name));
            }
        }
    }

    private void Build(string project)
    {
        BufferedCommandResult result = Cli.Wrap("dotnet")
            .WithArguments(["build", project, "-c", "Release", "-v:quiet", "-nodeReuse:false", "--nologo"])
            .WithWorkingDirectory(_copy)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync()
            .Task.GetAwaiter()
            .GetResult();
        Assert.True(result.IsSuccess, result.StandardOutput);
    }
}
