using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Archive;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Skerry.Tests.Host.Boot;
using Skerry.Tests.Host.Qemu;
using Xunit;
using ClusterMode = Skerry.Qemu.Topologies.ClusterMode;

namespace Skerry.Tests.Boot;

/// <summary>
/// The first instructions, up to the boot archive: 1x1, with a broken system in it; the end is a boot failure with the
/// reason.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S00FirmwareTests
{
    [Theory]
    [InlineData("kernel.elf")]
    [InlineData("core.elf")]
    public void ATruncatedImageIsRefused(string entry)
    {
        Dictionary<string, byte[]> archive = Guest.Smallest();
        archive[entry] = archive[entry][..32];
        Fails("truncated-" + entry, archive, $"{entry} is too short");
    }

    [Theory]
    [InlineData("kernel.elf")]
    [InlineData("core.elf")]
    public void AnImageOfAnotherKindIsRefused(string entry)
    {
        Dictionary<string, byte[]> archive = Guest.Smallest();
        archive[entry] = Enumerable.Repeat((byte)'x', 4096).ToArray();
        Fails("no-image-" + entry, archive, $"{entry} is not an x86-64 ELF");
    }

    /// <summary>It would run, and never say anything.</summary>
    [Theory]
    [InlineData("core.elf", "vcore")]
    [InlineData("core.elf", "ping-server")]
    public void AnotherProgramInAnImagesPlaceIsRefused(string entry, string program)
    {
        Dictionary<string, byte[]> archive = Guest.Smallest();
        archive[entry] = Guest.Image(program);
        Fails("other-" + program, archive, $"{entry} is another program: its first instruction lacks the mark");
    }

    [Fact]
    public void AKernelWithoutItsMarkIsRefused()
    {
        Dictionary<string, byte[]> archive = Guest.Smallest();
        archive["kernel.elf"] = ElfMaker.MakeWhole(KernelLayout.Image, ImageMark.Core);
        Fails("other-kernel", archive, "kernel.elf is another program: its first instruction lacks the mark");
    }

    [Fact]
    public void AWritableAndExecutableSegmentIsRefused()
    {
        byte[] core = TinyProgram.Exit(ExitCode.Success);
        core[Image.Elf.ElfFile.FlagsOffset(core, 0)] |= (byte)Image.Elf.ElfSegmentFlags.Write;
        Fails("writable-code", Guest.WithCore(core), "core.elf has a segment that is writable and executable");
    }

    [Fact]
    public void GarbageForAnArchiveIsRefused()
    {
        byte[] garbage = Enumerable.Range(0, 10_000).Select(value => (byte)(value * 7)).ToArray();
        Fails("garbage", _ => garbage, "boot archive is not a ustar archive");
    }

    /// <summary>Behind all that bootstrap asks for: who would look for the rest would say that it is not there.</summary>
    [Fact]
    public void ACutArchiveIsRefused() =>
        Fails("cut", archive => archive[..^1024], "behind entry core.elf: the two blocks of zeros");

    /// <summary>Where the headers are right: an entry within the text, an instruction, a byte of core's.</summary>
    [Theory]
    [InlineData("kernel.elf", 24)]
    [InlineData("kernel.elf", 70_000)]
    [InlineData("core.elf", 24)]
    public void DamageInsideAFileIsRefused(string entry, int place) =>
        Fails(
            $"inside-{entry}-{place}",
            archive => Damage(archive, entry, place),
            $"entry {entry}: its contents are not"
        );

    /// <summary>As tar writes it: nothing is compared, and bootstrap says so.</summary>
    [Fact]
    public void AnArchiveWithoutChecksumsBootsWithAWarning()
    {
        MachineOptions options = Guest.Options(Guest.Topology("1x1"), ClusterMode.L2, "plain", Guest.Smallest());
        byte[] archive = File.ReadAllBytes(options.Archive!);
        int second = TarReader.Block * 2;
        File.WriteAllBytes(options.Archive!, archive[second..]);
        MachineResult result = QemuMachine.Run(options).Require(ExitStatus.Success);
        Assert.Equal("1", result.RecordsOf("topology").First().Fields["warnings"]);
        Assert.Contains(result.Lines, line => line.StartsWith("warning: boot archive: has no list of checksums"));
    }

    [Theory]
    [InlineData(1, "boot archive has 1 bytes")]
    [InlineData(511, "boot archive has 511 bytes")]
    [InlineData(4096, "boot archive begins with zeros")]
    public void AnArchiveOfZerosIsToldAsWhatItIs(int bytes, string reason) =>
        Fails($"zeros-{bytes}", _ => new byte[bytes], reason);

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void AnArchiveOverBootstrapIsRefused(int mebibytes)
    {
        // QEMU puts it as high as it can, below 160 KiB for its tables, which with so little memory is not above
        // bootstrap's image. Over the image's first instructions, at 1 MiB, it would leave nobody to tell.
        const int tables = 160 << 10;
        const int start = 1 << 20;
        const int instructions = 256 << 10;
        Dictionary<string, byte[]> archive = Guest.Smallest();
        int others = archive.Values.Sum(file => file.Length);
        archive["filler"] = new byte[(mebibytes << 20) - tables - start - instructions - others];
        MachineOptions options = Guest.Options(Guest.Topology("1x1"), ClusterMode.L2, "over", archive);
        Fails(
            options with
            {
                Topology = TestFiles.Topology($$"""{ "nodes": [{ "memory": "{{mebibytes}}M", "cpus": 1 }] }"""),
            },
            "boot archive lies over bootstrap's own memory"
        );
    }

    /// <summary>Of more than 4,096 bytes QEMU's loader writes the rest over its start info.</summary>
    [Theory]
    [InlineData(2_040)]
    [InlineData(4_080)]
    [InlineData(4_200)]
    [InlineData(20_000)]
    public void ACommandLineThatIsTooLongIsRefused(int bytes)
    {
        string words = new('a', bytes);
        MachineOptions options = Guest.Options(Guest.Topology("1x1"), ClusterMode.L2, "words", Guest.Smallest(), words);
        Fails(options, "command line is longer than 2048 bytes");
    }

    private static byte[] Damage(byte[] archive, string entry, int place)
    {
        int offset = 0;
        while (TarReader.TryTakeFile(archive, ref offset, out TarFile file))
        {
            if (file.Name.SequenceEqual(Encoding.UTF8.GetBytes(entry)))
            {
                archive[file.Offset + TarReader.Block + place] ^= 0x10;
            }
        }
        return archive;
    }

    private static void Fails(string name, Func<byte[], byte[]> spoil, string reason)
    {
        MachineOptions options = Guest.Options(Guest.Topology("1x1"), ClusterMode.L2, name, Guest.Smallest());
        File.WriteAllBytes(options.Archive!, spoil(File.ReadAllBytes(options.Archive!)));
        Fails(options, reason);
    }

    private static void Fails(string name, IReadOnlyDictionary<string, byte[]> archive, string reason) =>
        Fails(Guest.Options(Guest.Topology("1x1"), ClusterMode.L2, name, archive), reason);

    private static void Fails(MachineOptions options, string reason)
    {
        MachineResult result = QemuMachine.Run(options).Require(ExitStatus.BootFailure);
        RecordLine exit = result.RecordsOf("exit").Single();
        Assert.Equal($"{(int)ExitCode.BootFailure}", exit.Word(0));
        Assert.Contains(reason, exit.Rest(1));
    }
}
