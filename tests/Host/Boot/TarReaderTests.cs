using System;
using System.Formats.Tar;
using System.IO;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Archive;
using Skerry.Boot.Console;
using Skerry.Tests.Host.Qemu;
using Xunit;
using TarReader = Skerry.Base.Archive.TarReader;

namespace Skerry.Tests.Host.Boot;

/// <summary>Archives as the framework's own writer makes them, and broken ones.</summary>
public sealed class TarReaderTests
{
    [Fact]
    public void FindsFilesByName()
    {
        byte[] archive = Archive(("kernel.elf", 1000), ("empty", 0), ("core.elf", 512), ("./last", 3));
        AssertFound(archive, "kernel.elf", 1000);
        AssertFound(archive, "empty", 0);
        AssertFound(archive, "core.elf", 512);
        AssertFound(archive, "last", 3);
        Assert.False(Find(archive, "kernel"));
        Assert.False(Find(archive, "kernel.elf2"));
        Assert.False(Find([], "kernel.elf"));
    }

    [Fact]
    public void DirectoriesAreNoFiles()
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "kernel.elf"));
        }
        Assert.False(Find(stream.ToArray(), "kernel.elf"));
    }

    [Fact]
    public void AFileThatEndsWithItsLastByteIsFound()
    {
        byte[] archive = Archive(("kernel.elf", 1000));
        AssertFound(archive[..(512 + 1000)], "kernel.elf", 1000);
    }

    [Fact]
    public void AWholeArchiveIsOk()
    {
        Assert.Equal((TarStatus.Ok, 3584, "core.elf"), Check(Two()));
        // Whole blocks of zeros may follow the end, as tar writes them.
        Assert.Equal(TarStatus.Ok, Check([.. Two(), .. new byte[10_240]]).Status);
    }

    /// <summary>Wherever an archive is cut, behind what it is asked for too: offset and entry are told.</summary>
    [Fact]
    public void EveryCutIsTold()
    {
        byte[] archive = Two();
        for (int length = 0; length < archive.Length; length++)
        {
            (TarStatus, int, string) expected = length switch
            {
                < 512 => (TarStatus.TooShort, 0, ""),
                < 1536 => (TarStatus.Cut, 0, "kernel.elf"),
                < 2048 => (TarStatus.NoEnd, 1536, "kernel.elf"),
                < 3584 => (TarStatus.Cut, 1536, "core.elf"),
                _ => (TarStatus.NoEnd, 3584, "core.elf"),
            };
            Assert.Equal(expected, Check(archive[..length]));
        }
    }

    /// <summary>But for the last byte of the checksum's own field, which says nothing.</summary>
    [Fact]
    public void EveryChangeOfAHeaderIsTold()
    {
        byte[] archive = Two();
        foreach (int header in new[] { 0, 1536 })
        {
            for (int i = 0; i < 512; i++)
            {
                byte[] changed = (byte[])archive.Clone();
                changed[header + i] ^= 1;
                (TarStatus status, int offset, _) = Check(changed);
                TarStatus expected =
                    i == 155 ? TarStatus.Ok
                    : i is >= 257 and < 262 ? TarStatus.NoHeader
                    : TarStatus.BadChecksum;
                Assert.Equal((expected, i == 155 ? 3584 : header), (status, offset));
            }
        }
    }

    [Fact]
    public void ASizeThatIsNoNumberOrTooMuchIsTold()
    {
        byte[] archive = Two();
        archive[124] = (byte)'9';
        Reseal(archive);
        Assert.Equal((TarStatus.BadSize, 0, "kernel.elf"), Check(archive));
        "77777777777"u8.CopyTo(archive.AsSpan(124));
        Reseal(archive);
        Assert.Equal((TarStatus.Cut, 0, "kernel.elf"), Check(archive));
    }

    /// <summary>Who looks for a file takes it for the end, and finds none behind it.</summary>
    [Theory]
    [InlineData(0, "is damaged at offset 0x0: the header has no name")]
    [InlineData(1536, "is damaged at offset 0x600, behind entry kernel.elf: the header has no name")]
    public void AnEntryWithoutANameIsRefused(int offset, string words)
    {
        byte[] archive = Two();
        archive.AsSpan(offset, 100).Clear();
        byte[] rest = archive[offset..];
        Reseal(rest);
        Assert.Equal(words, Words([.. archive[..offset], .. rest]));
    }

    [Fact]
    public void OneBlockOfZerosIsNoEnd()
    {
        byte[] archive = Two();
        Assert.Equal(
            (TarStatus.NoEnd, 1536, "kernel.elf"),
            Check([.. archive[..1536], .. new byte[512], .. archive[1536..]])
        );
    }

    [Theory]
    [InlineData(1, (byte)'x', "has 1 bytes, less than one tar header")]
    [InlineData(511, 0, "has 511 bytes, less than one tar header")]
    [InlineData(512, 0, "begins with zeros: no entry is in it")]
    [InlineData(20_480, 0, "begins with zeros: no entry is in it")]
    [InlineData(2048, (byte)'x', "is not a ustar archive")]
    public void WhatIsNoArchiveIsToldAsWhatItIs(int bytes, byte value, string words)
    {
        byte[] archive = new byte[bytes];
        Array.Fill(archive, value);
        Assert.Equal(words, Words(archive));
    }

    [Fact]
    public void DamageIsToldWithItsPlace()
    {
        byte[] archive = Two();
        Assert.Equal(
            "is damaged at offset 0x600, entry core.elf: the archive ends before it does",
            Words(archive[..3000])
        );
        Assert.Equal(
            "is damaged at offset 0xe00, behind entry core.elf: the two blocks of zeros that end an archive are not there",
            Words(archive[..4000])
        );
        archive[1536 + 2] = (byte)'\n';
        Assert.Equal("is damaged at offset 0x600, entry co?e.elf: the header's checksum is wrong", Words(archive));
        archive[1536 + 257] = 0;
        Assert.Equal("is damaged at offset 0x600, behind entry kernel.elf: no ustar header is there", Words(archive));
    }

    [Fact]
    public void AnyChangeIsSurvived()
    {
        byte[] archive = Archive(("kernel.elf", 700), ("core.elf", 30));
        Prop.ForAll(
                Gen.Choose(0, archive.Length - 1).Zip(Gen.Choose(0, 255)).ArrayOf().ToArbitrary(),
                Gen.Choose(0, archive.Length).ToArbitrary(),
                (changes, length) =>
                {
                    byte[] broken = archive[..length];
                    foreach ((int place, int value) in changes)
                    {
                        if (place < length)
                        {
                            broken[place] = (byte)value;
                        }
                    }
                    Reseal(broken);
                    Find(broken, "core.elf");
                    Find(broken, "absent");
                    Check(broken);
                }
            )
            .Check(SoakConfig.Of(2000));
    }

    /// <summary>Makes the first header's checksum right, so that its numbers are believed.</summary>
    private static void Reseal(byte[] archive)
    {
        if (archive.Length < 512)
        {
            return;
        }
        archive.AsSpan(148, 8).Fill((byte)' ');
        int sum = 0;
        for (int i = 0; i < 512; i++)
        {
            sum += archive[i];
        }
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(archive, 148);
    }

    private static byte[] Archive(params (string Name, int Bytes)[] files)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach ((string name, int bytes) in files)
            {
                byte[] content = new byte[bytes];
                Array.Fill(content, (byte)bytes);
                writer.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) }
                );
            }
        }
        return stream.ToArray();
    }

    private static void AssertFound(byte[] archive, string name, int bytes)
    {
        Assert.True(TarReader.TryFind(archive, Encoding.ASCII.GetBytes(name), out ReadOnlySpan<byte> content));
        byte[] expected = new byte[bytes];
        Array.Fill(expected, (byte)bytes);
        Assert.Equal(expected, content.ToArray());
    }

    private static bool Find(byte[] archive, string name) =>
        TarReader.TryFind(archive, Encoding.ASCII.GetBytes(name), out _);

    private static byte[] Two() => Archive(("kernel.elf", 1000), ("core.elf", 1200));

    private static (TarStatus Status, int Offset, string Name) Check(byte[] archive)
    {
        TarCheck check = TarReader.Check(archive);
        return (check.Status, check.Offset, Encoding.ASCII.GetString(check.Name));
    }

    private static string Words(byte[] archive)
    {
        BufferConsole.Clear();
        ArchiveDamage<BufferConsole>.Write(TarReader.Check(archive), (ulong)archive.Length);
        return BufferConsole.Text;
    }
}
