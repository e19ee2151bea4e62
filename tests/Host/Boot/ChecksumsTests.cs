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
    [InlineData("is damaged: its list of checksums names other, which is not there", "00000000 other\n")]
    [InlineData("is damaged: its list of checksums names ??, which is not there", "00000000 \t\r\n")]
    [InlineData("is damaged at offset 0x200, entry kernel.elf: its checksum is not in the list of checksums", "")]
    public void AListThatIsNoneIsTold(string words, string list) => Assert.Equal(words, Words(WithList(list)));

    [Fact]
    public void WithoutAListNothingIsCompared() =>
        Assert.Equal(TarStatus.NoList, Check(Tar(("kernel.elf", new byte[20]))));

    [Fact]
    public void TwoFilesOfOneNameAreDamage()
    {
        byte[] list = Encoding.ASCII.GetBytes($"{LibraryCrc32.HashToUInt32([1]):x8} a\n");
        Assert.Equal(TarStatus.Ok, Check(Tar((BootArchive.ChecksumsEntry, list), ("a", [1]))));
        Assert.Equal(TarStatus.WrongContents, Check(Tar((BootArchive.ChecksumsEntry, list), ("a", [1]), ("a", [2]))));
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
