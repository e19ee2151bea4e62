using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Source;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>A program that <c>make run</c> does not build is not booted without a word when its source has changed.</summary>
public sealed class OldImagesTests : IDisposable
{
    private const string Child = "{\"children\": [{\"name\": \"a\", \"essential\": true,\n\"binary\": \"own\"}]}";
    private const string Vcore =
        "{\"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [0]}, \"memory\": [{\"node\": 0, \"size\": \"1M\"}],\n"
        + "\"binary\": \"own\"}], \"children\": [{\"name\": \"a\", \"binary\": \"other\", \"essential\": true}]}";
    private const string Source = "apps/own/parts/Part.cs";
    private const string Library = "out/bin/Skerry.Base/release/Skerry.Base.dll";

    private readonly string _root = Directory.CreateTempSubdirectory("skerry-old").FullName;

    public OldImagesTests()
    {
        Write("apps/own/Own.csproj", "");
        Write(Source, "");
        Write(Library, "");
        Write("Machine.slnf", "{\"solution\": {\"projects\": [\"apps/other/Other.csproj\"]}}");
        foreach (string name in new[] { "own", "other" })
        {
            Write(
                $"out/objects/{name}.made",
                $"apps/{name}/{char.ToUpperInvariant(name[0])}{name[1..]}.csproj\n{name}\n"
            );
            Write($"out/images/{name}.elf", "");
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(Child, Source)]
    [InlineData(Child, "apps/own/Own.csproj")]
    [InlineData(Child, Library)]
    [InlineData(Vcore, Source)]
    public void OneThatIsOlderIsNamed(string system, string changed)
    {
        Assert.Empty(Warnings(system));
        Age(changed, 2);
        Assert.Equal(
            $"system.json(2,11): warning SK0403: out/images/own.elf is older than {changed}, and apps/own is not in "
                + "Machine.slnf: \"dotnet build apps/own\" makes it",
            Assert.Single(Warnings(system)).ToString()
        );
        Age("out/images/own.elf", 3);
        Assert.Empty(Warnings(system));
    }

    /// <summary>Nothing is known of an image that came by another way, and one that make run builds is built.</summary>
    [Fact]
    public void NoOtherIsNamed()
    {
        Age(Source, 2);
        Write("Machine.slnf", "{\"solution\": {\"projects\": [\"apps/own/Own.csproj\"]}}");
        Assert.Empty(Warnings(Child));
        Write("Machine.slnf", "{}");
        Assert.Single(Warnings(Child));
        File.Delete(Path.Combine(_root, "out/objects/own.made"));
        Assert.Empty(Warnings(Child));
    }

    /// <summary>The programs are checked in the same go.</summary>
    [Fact]
    public void TheCheckOfACheckoutWarns()
    {
        string image = BootArchive.Image(Repository.Locate().Images, "toucher");
        File.Copy(image, Path.Combine(_root, "out/images/own.elf"), overwrite: true);
        Age("out/images/own.elf", 1);
        Age(Source, 2);
        IReadOnlyList<Diagnostic> found = BootCheck.Check(
            TestFiles.System(Child),
            new Repository(_root),
            null,
            default
        );
        Assert.Equal([DiagnosticCode.OldProgram], found.Select(diagnostic => diagnostic.Code));
    }

    private IReadOnlyList<Diagnostic> Warnings(string system) =>
        OldImages.Of(TestFiles.System(system), new Repository(_root));

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, file))!);
        File.WriteAllText(Path.Combine(_root, file), text);
        Age(file, 1);
    }

    /// <summary>The later the newer.</summary>
    private void Age(string file, int day) =>
        File.SetLastWriteTimeUtc(Path.Combine(_root, file), DateTime.UnixEpoch.AddDays(day));
}
