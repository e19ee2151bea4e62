using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Skerry.Qemu;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Source;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Files that the tool writes: whole or not at all, in places of their own for runs side by side.</summary>
public sealed class OutputFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("skerry-output").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void AFileThatCannotBeFinishedLeavesTheOldOne()
    {
        string path = Path.Combine(_directory, "file");
        OutputFile.Write(path, "old");
        Assert.Throws<BadInputException>(() =>
            OutputFile.Write(
                path,
                stream =>
                {
                    stream.WriteByte(1);
                    throw new IOException("the disk is full");
                }
            )
        );
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.EnumerateFiles(_directory));
    }

    /// <summary>An archive is made of a configuration: the one may not take the place of the other.</summary>
    [Theory]
    [InlineData("system.json")]
    [InlineData("../FOLDER/system.json")]
    [InlineData("link")]
    [InlineData("middle")]
    [InlineData("folder/system.json")]
    [InlineData("folder/link")]
    public void AnArchiveIsNotWrittenOverItsConfiguration(string output)
    {
        string configuration = Path.Combine(_directory, "system.json");
        string demo = Path.Combine(Repository.Locate().Configurations, "demo.json");
        File.Copy(demo, configuration);
        File.CreateSymbolicLink(Path.Combine(_directory, "middle"), "folder/system.json");
        File.CreateSymbolicLink(Path.Combine(_directory, "link"), "middle");
        Directory.CreateSymbolicLink(Path.Combine(_directory, "folder"), _directory);
        string path = Path.Combine(_directory, output.Replace("FOLDER", Path.GetFileName(_directory)));
        HostProgram run = HostProgram.Skerry("archive", "-c", configuration, "-o", path);
        Assert.Equal((int)ExitStatus.BadInput, run.Status);
        Assert.Contains($"{path}: would be written over, and is read for this", run.Error);
        Assert.Equal(File.ReadAllText(demo), File.ReadAllText(configuration));
    }

    [Fact]
    public void ALinkToItselfIsNoPlace()
    {
        string path = Path.Combine(_directory, "round");
        File.CreateSymbolicLink(path, "round");
        HostProgram run = HostProgram.Skerry("archive", "-o", path);
        Assert.Equal((int)ExitStatus.BadInput, run.Status);
        Assert.StartsWith($"skerry: {path}: cannot be written: ", run.Error);
    }

    /// <summary>Nor over a program that stands in it; and beside both, one is written.</summary>
    [Fact]
    public void AnArchiveIsNotWrittenOverAProgram()
    {
        string image = Path.Combine(Repository.Locate().Images, "ping-server.elf");
        string link = Path.Combine(_directory, "link");
        File.CreateSymbolicLink(link, image);
        byte[] before = File.ReadAllBytes(image);
        int status = HostProgram.Skerry("archive", "-o", link).Status;
        if (!before.AsSpan().SequenceEqual(File.ReadAllBytes(image)))
        {
            // Nobody else shall boot it.
            File.WriteAllBytes(image, before);
        }
        Assert.Equal((int)ExitStatus.BadInput, status);
        Assert.Equal((int)ExitStatus.Success, HostProgram.Skerry("archive", "-o", link + ".tar").Status);
    }

    /// <summary>A link stays one, and what it leads to is written, be it there or not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ALinkIsFollowed(bool isThere)
    {
        string target = Path.Combine(_directory, "target");
        string middle = Path.Combine(_directory, "middle");
        string path = Path.Combine(_directory, "link");
        File.CreateSymbolicLink(middle, "target");
        File.CreateSymbolicLink(path, middle);
        if (isThere)
        {
            File.WriteAllText(target, "old and longer");
        }
        OutputFile.Write(path, "new");
        Assert.Equal(middle, new FileInfo(path).LinkTarget);
        Assert.Equal("target", new FileInfo(middle).LinkTarget);
        Assert.Equal("new", File.ReadAllText(target));
        Assert.Equal(3, Directory.EnumerateFiles(_directory).Count());
    }

    [Fact]
    public void ALinkIsFollowedFromWhereItLies()
    {
        string link = Path.Combine(_directory, "link");
        File.CreateSymbolicLink(link, "target");
        OutputFile.Write(Path.GetRelativePath(Directory.GetCurrentDirectory(), link), "new");
        Assert.Equal("new", File.ReadAllText(Path.Combine(_directory, "target")));
    }

    [Fact]
    public void ALinkToItselfIsRefused()
    {
        string path = Path.Combine(_directory, "link");
        File.CreateSymbolicLink(path, path);
        Assert.Throws<BadInputException>(() => OutputFile.Write(path, "new"));
        Assert.Equal(path, new FileInfo(path).LinkTarget);
    }

    /// <summary>As a device, which no test touches: written to, and still there. Through a link as well.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFifoIsWrittenTo(bool isLinked)
    {
        string fifo = Path.Combine(_directory, "fifo");
        using (var make = Process.Start("mkfifo", [fifo]))
        {
            make.WaitForExit();
        }
        string path = isLinked ? Path.Combine(_directory, "link") : fifo;
        if (isLinked)
        {
            File.CreateSymbolicLink(path, fifo);
        }
        // A reader of its own, that nobody waits for if nothing comes.
        using var reader = Process.Start(
            new ProcessStartInfo("timeout", ["20", "cat", fifo]) { RedirectStandardOutput = true }
        )!;
        Task<string> read = reader.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, OutputFile.Write(path, stream => stream.Write("new"u8)));
        Assert.Equal("new", await read);
        Assert.True(FileTypes.IsSpecial(fifo));
        Assert.Equal(isLinked ? 2 : 1, Directory.EnumerateFiles(_directory).Count());
    }

    [Fact]
    public void AFolderIsNoFile()
    {
        var refused = Assert.Throws<BadInputException>(() => OutputFile.Write(_directory, "text"));
        Assert.Equal($"{_directory}: is a folder, and a file is to be written there", refused.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
        Assert.Throws<BadInputException>(() => OutputFile.Open(_directory));
    }

    [Fact]
    public void AFileIsNoFolder()
    {
        string file = Path.Combine(_directory, "log");
        File.WriteAllText(file, "text");
        string path = Path.Combine(file, "run.log");
        var refused = Assert.Throws<BadInputException>(() => OutputFile.Open(path));
        Assert.Equal($"{path}: cannot be written: {file} is a file, and a folder is needed there", refused.Message);
    }

    [Fact]
    public void RunsSideBySideHaveFilesOfTheirOwn()
    {
        var repository = new Repository(_directory);
        using RunFiles first = RunFiles.Claim(repository, "4x4-l2-demo");
        using (RunFiles second = RunFiles.Claim(repository, "4x4-l2-demo"))
        {
            Assert.Equal("boot-4x4-l2-demo.tar", Path.GetFileName(first.Archive));
            Assert.Equal("boot-4x4-l2-demo-2.tar", Path.GetFileName(second.Archive));
            Assert.Equal("4x4-l2-demo-2.log", Path.GetFileName(second.Log));
        }
        // What the second had is free again.
        using RunFiles third = RunFiles.Claim(repository, "4x4-l2-demo");
        Assert.Equal("boot-4x4-l2-demo-2.tar", Path.GetFileName(third.Archive));
    }

    [Fact]
    public void ANameLeadsNowhereElse()
    {
        using RunFiles files = RunFiles.Claim(new Repository(_directory), "../a,b c");
        Assert.Equal("boot-..-a-b c.tar", Path.GetFileName(files.Archive));
        Assert.Equal(Path.Combine(_directory, "out"), Path.GetDirectoryName(files.Archive));
    }

    /// <summary>A file stands where out/ should be: nobody may write there, whoever he is.</summary>
    [Fact]
    public void AnOutputDirectoryThatCannotBeIsSaid()
    {
        File.WriteAllText(Path.Combine(_directory, "out"), "in the way");
        var refused = Assert.Throws<BadInputException>(() => RunFiles.Claim(new Repository(_directory), "name"));
        Assert.Contains(Path.Combine(_directory, "out"), refused.Message);
    }

    [Fact]
    public void TheToolSaysWhatItCannotWrite()
    {
        HostProgram run = HostProgram.Skerry("archive", "--output", _directory);
        Assert.Equal((int)ExitStatus.BadInput, run.Status);
        Assert.Equal($"skerry: {_directory}: is a folder, and a file is to be written there", run.Error.Trim());
        run = HostProgram.Skerry("archive", "--output", "/proc/nowhere/boot.tar");
        Assert.Equal((int)ExitStatus.BadInput, run.Status);
        Assert.StartsWith("skerry: /proc/nowhere/boot.tar: cannot be written: ", run.Error);
        Assert.Single(run.Error.Trim().Split('\n').ToArray());
    }
}
