using System;
using System.Collections.Generic;
using System.Formats.Tar;
using System.IO;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Archive;
using Skerry.Boot.Console;
using Skerry.Qemu.Archive;
using Skerry.Tests.Host.Qemu;
using Xunit;
using LibraryCrc32 = System.IO.Hashing.Crc32;
using TarFile = Skerry.Base.Archive.TarFile;
using TarReader = Skerry.Base.Archive.TarReader;

namespace Skerry.Tests.Host.Boot;

/// <summary>The list of checksums as the tool writes it, beside contents that have changed since.</summary>
public sealed class ChecksumsTests
{
    /// <summary>The list's entry, its contents, kernel.elf.</summary>
    private const int KernelContent = 3 * 512;

    [Fact]
    public void TheCheckIsTheOneOfTheLibrary() =>
        Prop.ForAll(
                Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ToArbitrary(),
                bytes => Crc32.Create().Of(bytes) == LibraryCrc32.HashToUInt32(bytes)
            )
            .Check(SoakConfig.Of(500));

    [Fact]
    public void WhatTheToolWritesIsOk()
    {
        Assert.Equal(TarStatus.Ok, Check(Archive()));
        Assert.Equal(TarStatus.Ok, Check(Archive([])));
    }

    [Fact]
    public void EveryChangeOfAByteIsTold()
    {
        byte[] archive = Archive();
        for (int i = 0; i < archive.Length; i++)
        {
            byte[] changed = (byte[])archive.Clone();
            changed[i] ^= 1;
            TarStatus headers = TarReader.Check(changed).Status;
            bool isTold = headers != TarStatus.Ok || Check(changed) != TarStatus.Ok;
            Assert.True(isTold || IsPadding(archive, i), $"byte {i}");
        }
    }

    [Fact]
    public void DamageIsToldByTheFilesName()
    {
        byte[] archive = Archive();
        archive[KernelContent + 5] ^= 1;
        Assert.Equal(
            "is damaged at offset 0x400, entry kernel.elf: its contents are not those that the list of checksums says",
            Words(archive)
        );
    }

    [Theory]
    [InlineData("is damaged: its list of checksums has a line that is none", "0000000 kernel.elf\n")]
    [InlineData("is damaged: its list of checksums has a line that is none", "0000000G kernel.elf\n")]
    [InlineData("is damaged: its list of checksums has a line that is none", "00000000 kernel.elf")]
    [InlineData("is damaged: its list of checksums has a line that is none", "00000000 \n")]
    [InlineData("is damaged: its list of checksums has a line that is none", "\n")]
    [InlineData("is damaged: its list of checksums names absent, which is not there", "00000000 absent\n")]
    [InlineData("is damaged: its list of checksums names ??, which is not there", "00000000 \t\r\n")]
    [InlineData("is damaged at offset 0x200, entry kernel.elf: its checksum is not in the list of checksums", "")]
    public void AListThatIsNoneIsTold(string words, string list) => Assert.Equal(words, Words(WithList(list)));

    [Fact]
    public void ALongNameOfTheListIsCut()
    {
        string words = Words(WithList($"00000000 {new string('a', 100_000)}\n"));
        Assert.Equal($"is damaged: its list of checksums names {new string('a', 100)}..., which is not there", words);
    }

    [Fact]
    public void WithoutAListNothingIsCompared() =>
        Assert.Equal(TarStatus.NoList, Check(Tar(("kernel.elf", new byte[20]))));

    [Theory]
    [InlineData("kernel.elf z", "names z, which is not there")]
    [InlineData("z kernel.elf", "names z, which is not there")]
    [InlineData("kernel.elf kernel.elf", "names kernel.elf twice")]
    [InlineData("kernel.elf core.elf kernel.elf", "names kernel.elf twice")]
    public void LinesWithoutAFileOfTheirOwnAreDamage(string names, string words)
    {
        string crc = $"{LibraryCrc32.HashToUInt32(new byte[20]):x8}";
        string list = string.Concat(names.Split(' ').Select(name => $"{crc} {name}\n"));
        Assert.Equal("is damaged: its list of checksums " + words, Words(WithList(list)));
    }

    /// <summary>The first counts here, and the last for tar, with the list and without one.</summary>
    [Theory]
    [InlineData("a a", 1, "a")]
    [InlineData("a b a", 2, "a")]
    [InlineData("a checksums", 1, "checksums")]
    [InlineData("./a a", 1, "a")]
    public void TwoFilesOfOneNameAreDamage(string names, int second, string name)
    {
        (string, byte[])[] files = [.. names.Split(' ').Select((one, i) => (one, new[] { (byte)i }))];
        foreach (string lines in new[] { "", $"{LibraryCrc32.HashToUInt32([0]):x8} a\n" })
        {
            (string, byte[]) list = (BootArchive.ChecksumsEntry, Encoding.ASCII.GetBytes(lines));
            byte[] archive = Tar([list, .. files]);
            int offset = (second + 1) * 2 * TarReader.Block - (lines.Length == 0 ? TarReader.Block : 0);
            Assert.Equal(
                $"is damaged at offset 0x{offset:x}, entry {name}: an entry before it has the same name",
                Words(archive)
            );
        }
    }

    [Fact]
    public void TwoFilesOfOneNameAreDamageWithoutAList() =>
        Assert.Equal(TarStatus.Twice, Check(Tar(("a", [1]), ("a", [1]))));

    /// <summary>What the tool writes is walked once, however many files there are.</summary>
    [Fact]
    public void TheWorkGrowsWithTheFiles()
    {
        const int files = 8000;
        byte[] archive = Archive(Enumerable.Range(0, files).ToDictionary(i => $"file{i:d5}", i => new[] { (byte)i }));
        TarCheck check = Checksums.Check(archive);
        Assert.Equal(TarStatus.Ok, check.Status);
        Assert.InRange(check.Compared, files, 4 * files);
    }

    [Theory]
    [InlineData(Checksums.MaximumUnordered - 1, TarStatus.Ok)]
    [InlineData(Checksums.MaximumUnordered, TarStatus.TooManyUnordered)]
    public void OtherOrdersAreBounded(int files, TarStatus expected)
    {
        (string, byte[])[] backwards =
        [
            .. Enumerable.Range(0, files).Reverse().Select(i => ($"f{i:d5}", new[] { (byte)i })),
        ];
        string list = string.Concat(
            backwards.Reverse().Select(file => $"{LibraryCrc32.HashToUInt32(file.Item2):x8} {file.Item1}\n")
        );
        byte[] archive = Tar([(BootArchive.ChecksumsEntry, Encoding.ASCII.GetBytes(list)), .. backwards]);
        Assert.Equal(expected, Check(archive));
        if (expected != TarStatus.Ok)
        {
            Assert.Equal("is not in the order of its files' names, and has more than 1024 of them", Words(archive));
        }
    }

    /// <summary>
    /// Whether nobody reads it: behind a file's end in its last block, behind the archive's end, or the last byte of a
    /// header's checksum.
    /// </summary>
    private static bool IsPadding(byte[] archive, int place)
    {
        int offset = 0;
        while (TarReader.TryTakeFile(archive, ref offset, out TarFile file))
        {
            if (place < offset)
            {
                return place == file.Offset + 155 || place >= file.Offset + TarReader.Block + file.Content.Length;
            }
        }
        return place >= offset + 2 * TarReader.Block;
    }

    private static byte[] Archive() =>
        Archive(
            new()
            {
                ["kernel.elf"] = Enumerable.Range(0, 700).Select(value => (byte)(value * 7)).ToArray(),
                ["core.elf"] = new byte[512],
                ["empty"] = [],
            }
        );

    private static byte[] Archive(Dictionary<string, byte[]> files)
    {
        using var stream = new MemoryStream();
        BootArchive.Write(stream, files);
        return stream.ToArray();
    }

    private static byte[] WithList(string list) =>
        Tar((BootArchive.ChecksumsEntry, Encoding.ASCII.GetBytes(list)), ("kernel.elf", new byte[20]));

    private static byte[] Tar(params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in files)
            {
                var entry = new UstarTarEntry(TarEntryType.RegularFile, name);
                entry.DataStream = new MemoryStream(content);
                writer.WriteEntry(entry);
            }
        }
        return stream.ToArray();
    }

    private static TarStatus Check(byte[] archive) => Checksums.Check(archive).Status;

    private static string Words(byte[] archive)
    {
        BufferConsole.Clear();
        ArchiveDamage<BufferConsole>.Write(Checksums.Check(archive), (ulong)archive.Length);
        return BufferConsole.Text;
    }
}
