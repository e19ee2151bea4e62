using System;
using System.Collections.Generic;
using System.Formats.Tar;
using System.IO;
using System.Linq;
using System.Text;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Configuration;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Source;
using Skerry.Tests.Host.Boot;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

public sealed class BootArchiveTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("skerry-archive").FullName;

    private string Archive => Path.Combine(_directory, "boot.tar");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void HoldsTheProgramsAndTheConfiguration()
    {
        SystemDescription system = Prepare();
        BootArchive.Write(_directory, system, Archive);
        List<(string Name, byte[] Content)> entries = Read();
        string[] names = ["checksums", "core.elf", "kernel.elf", "system.bin", "worker.elf"];
        Assert.Equal(names, entries.Select(entry => entry.Name));
        Assert.Equal("worker"u8.ToArray(), entries[4].Content);
        Assert.Equal(ConfigurationStatus.Ok, SystemConfiguration.Open(entries[3].Content, out _));
        Assert.Contains("9fb2bf62 worker.elf\n", Encoding.UTF8.GetString(entries[0].Content));
    }

    [Fact]
    public void TheSameProgramsGiveTheSameBytes()
    {
        SystemDescription system = Prepare();
        BootArchive.Write(_directory, system, Archive);
        byte[] first = File.ReadAllBytes(Archive);
        foreach (string image in Directory.EnumerateFiles(_directory, "*.elf"))
        {
            File.SetLastWriteTimeUtc(image, DateTime.UnixEpoch.AddDays(10_000));
        }
        BootArchive.Write(_directory, system, Archive);
        Assert.Equal(first, File.ReadAllBytes(Archive));
    }

    [Fact]
    public void WithoutAKernelThereIsNoArchive()
    {
        SystemDescription system = Prepare();
        File.Delete(Path.Combine(_directory, "kernel.elf"));
        var exception = Assert.Throws<BadInputException>(() => BootArchive.Write(_directory, system, Archive));
        Assert.Contains("kernel.elf is not there", exception.Message);
    }

    /// <summary>A boot of it would be silence without end.</summary>
    [Theory]
    [InlineData("core", ImageMark.Kernel)]
    [InlineData("core", 0)]
    [InlineData("kernel", ImageMark.Core)]
    public void AnotherProgramInCoresOrTheKernelsPlaceIsRefused(string name, ulong mark)
    {
        SystemDescription system = Prepare();
        WriteImage(name, UserLayout.ImageBase, mark);
        string path = Path.Combine(_directory, name + ".elf");
        foreach (byte[] content in new[] { File.ReadAllBytes(path), [], File.ReadAllBytes(path)[..1000] })
        {
            File.WriteAllBytes(path, content);
            Assert.Equal(
                $"{path} is not {name}, but something else; \"make build\" makes it",
                Assert.Throws<BadInputException>(() => BootArchive.Write(_directory, system, Archive)).Message
            );
        }
    }

    [Theory]
    [InlineData("of-thirty-two-signs-are-too-many", "a program's name has 1 to 31 signs")]
    [InlineData("a\n12345678 core", "a program's name has letters, digits, '-', '_' and '.' alone")]
    [InlineData("gr\u00f6\u00dfe", "a program's name has letters, digits, '-', '_' and '.' alone")]
    public void AnImageWhoseNameCantBeArchivedIsRefused(string name, string reason)
    {
        SystemDescription system = Prepare();
        File.WriteAllText(Path.Combine(_directory, name + ".elf"), "");
        string printable = Path.Combine(_directory, name.Replace('\n', '?')) + ".elf";
        Refuses(system, $"{printable}: {reason}");
    }

    /// <summary>No read of it would ever end.</summary>
    [Fact]
    public void AnImageThatIsNoFileIsRefused()
    {
        SystemDescription system = Prepare();
        string path = Path.Combine(_directory, "pipe.elf");
        Assert.Equal(0, HostProgram.Run("mkfifo", path).Status);
        Refuses(system, $"{path} is no regular file");
        File.Delete(path);
        File.CreateSymbolicLink(path, Path.Combine(_directory, "nothing"));
        Refuses(system, $"{path} is no regular file");
    }

    private void Refuses(SystemDescription system, string reason)
    {
        Assert.Equal(
            reason,
            Assert.Throws<BadInputException>(() => BootArchive.Write(_directory, system, Archive)).Message
        );
        Assert.Equal(reason, Assert.Throws<BadInputException>(() => new ProgramCatalog(_directory)).Message);
        Assert.False(File.Exists(Archive));
    }

    private SystemDescription Prepare()
    {
        foreach (string name in new[] { "boot", "kernel", "core", "worker" })
        {
            File.WriteAllText(Path.Combine(_directory, name + ".elf"), name);
        }
        WriteImage("kernel", KernelLayout.Image, ImageMark.Kernel);
        WriteImage("core", UserLayout.ImageBase, ImageMark.Core);
        return TestFiles.System("{\"children\": [{\"name\": \"a\",\n\"binary\": \"worker\", \"essential\": true}]}");
    }

    private void WriteImage(string name, ulong start, ulong mark) =>
        File.WriteAllBytes(Path.Combine(_directory, name + ".elf"), ElfMaker.MakeWhole(start, mark));

    private List<(string Name, byte[] Content)> Read()
    {
        using var reader = new TarReader(File.OpenRead(Archive));
        var entries = new List<(string, byte[])>();
        while (reader.GetNextEntry() is { } entry)
        {
            Assert.Equal((0, 0, DateTimeOffset.UnixEpoch), (entry.Uid, entry.Gid, entry.ModificationTime));
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            entries.Add((entry.Name, content.ToArray()));
        }
        return entries;
    }
}
