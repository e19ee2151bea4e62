using System;
using System.Formats.Tar;
using System.IO;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Boot.Loading;
using Skerry.Tests.Host.Qemu;
using Xunit;
using TarReader = Skerry.Boot.Loading.TarReader;

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
        Assert.Equal(TarStatus.Missing, Find(archive, "kernel"));
        Assert.Equal(TarStatus.Missing, Find(archive, "kernel.elf2"));
        Assert.Equal(TarStatus.Missing, Find([], "kernel.elf"));
    }

    [Fact]
    public void DirectoriesAreNoFiles()
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "kernel.elf"));
        }
        Assert.Equal(TarStatus.Missing, Find(stream.ToArray(), "kernel.elf"));
    }

    [Fact]
    public void RefusesBrokenHeaders()
    {
        byte[] archive = Archive(("kernel.elf", 1000), ("core.elf", 512));
        byte[] wrongSum = (byte[])archive.Clone();
        wrongSum[1] ^= 1;
        Assert.Equal(TarStatus.Malformed, Find(wrongSum, "kernel.elf"));
        Assert.Equal(TarStatus.Malformed, Find(archive[..(512 + 999)], "kernel.elf"));
        Assert.Equal(TarStatus.Malformed, Find(Encoding.ASCII.GetBytes(new string('x', 2048)), "kernel.elf"));
    }

    [Fact]
    public void AFileThatEndsWithItsLastByteIsWhole()
    {
        byte[] archive = Archive(("kernel.elf", 1000));
        AssertFound(archive[..(512 + 1000)], "kernel.elf", 1000);
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
        Assert.Equal(
            TarStatus.Found,
            TarReader.Find(archive, Encoding.ASCII.GetBytes(name), out ReadOnlySpan<byte> content)
        );
        byte[] expected = new byte[bytes];
        Array.Fill(expected, (byte)bytes);
        Assert.Equal(expected, content.ToArray());
    }

    private static TarStatus Find(byte[] archive, string name) =>
        TarReader.Find(archive, Encoding.ASCII.GetBytes(name), out _);
}
