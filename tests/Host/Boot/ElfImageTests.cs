using System;
using System.Buffers.Binary;
using System.IO;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Boot.Loading;
using Skerry.Qemu.Archive;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Boot;

public sealed class ElfImageTests
{
    private const ulong Start = 0x40_0000;
    private const ulong End = 0x80_0000;
    private const FrameRights Text = FrameRights.Read | FrameRights.Execute;

    [Fact]
    public void OpensAWholeImage()
    {
        byte[] file = ElfMaker.MakeWhole(Start);
        Assert.Equal(ElfStatus.Valid, ElfImage.Open(file, Start, End, out ElfImage image));
        Assert.Equal((3, Start, 4ul, Start + 8), (image.SegmentCount, image.Base, image.Pages, image.Entry));
        Assert.Equal(file.AsSpan(0x2000, 0x20), image.BytesOf(image[2]));
        Assert.Equal(
            (0x800ul, 0x1c00ul),
            (image.BytesWith(FrameRights.Execute, true), image.BytesWith(FrameRights.Execute, false))
        );
    }

    /// <summary>By it bootstrap knows kernel and core; a whole mark, at the entry.</summary>
    [Fact]
    public void TheMarkStandsAtTheEntry()
    {
        byte[] file = ElfMaker.MakeWhole(Start, ImageMark.Core);
        ElfImage.Open(file, Start, End, out ElfImage image);
        Assert.Equal(file.AsSpan(0x1008, 0x7f8), image.CodeAtEntry);
        Assert.True(ImageMark.Begins(image.CodeAtEntry, ImageMark.Core));
        Assert.False(ImageMark.Begins(image.CodeAtEntry, ImageMark.Kernel));
        Assert.Equal(image.CodeAtEntry, ImageEntry.CodeOf(file));
        for (int i = 0; i < 10; i++)
        {
            byte[] code = image.CodeAtEntry.ToArray();
            Assert.False(ImageMark.Begins(code.AsSpan(0, i), ImageMark.Core));
            code[i]++;
            Assert.False(ImageMark.Begins(code, ImageMark.Core));
        }
    }

    [Theory]
    [InlineData("kernel", true, false)]
    [InlineData("kernel-checked", true, false)]
    [InlineData("core", false, true)]
    [InlineData("kerneltests", false, true)]
    [InlineData("kernelbench", false, true)]
    [InlineData("kernelfuzz", false, true)]
    [InlineData("kernellatency", false, true)]
    [InlineData("vcore", false, false)]
    [InlineData("ping-server", false, false)]
    [InlineData("servers-bench", false, false)]
    [InlineData("boot", false, false)]
    public void EachImageHasItsMark(string name, bool isKernel, bool isCore)
    {
        string images = Skerry.Qemu.Repository.Locate().Images;
        ReadOnlySpan<byte> code = ImageEntry.CodeOf(File.ReadAllBytes(BootArchive.Image(images, name)));
        Assert.Equal(
            (isKernel, isCore),
            (ImageMark.Begins(code, ImageMark.Kernel), ImageMark.Begins(code, ImageMark.Core))
        );
    }

    [Fact]
    public void SegmentsThatLoadNothingDoNotCount()
    {
        byte[] file = ElfMaker.Make(
            Start,
            new MadeSegment { Type = 4, Address = 1 },
            new MadeSegment { Address = Start, Rights = Text },
            new MadeSegment
            {
                Address = Start + 7,
                FileBytes = 0,
                MemoryBytes = 0,
            }
        );
        Assert.Equal(ElfStatus.Valid, ElfImage.Open(file, Start, End, out ElfImage image));
        Assert.Equal(1, image.SegmentCount);
    }

    [Fact]
    public void RefusesEachMistake()
    {
        Refuses(
            ElfStatus.SegmentOutsideFile,
            new MadeSegment
            {
                Address = Start,
                Rights = Text,
                FileOffset = ElfMaker.FileBytes - 8,
            }
        );
        Refuses(
            ElfStatus.SegmentOutsideFile,
            new MadeSegment
            {
                Address = Start,
                Rights = Text,
                FileOffset = ulong.MaxValue - 4,
            }
        );
        Refuses(
            ElfStatus.SegmentOutsideRegion,
            new MadeSegment
            {
                Address = Start,
                Rights = Text,
                FileBytes = 0x11,
            }
        );
        Refuses(ElfStatus.SegmentOutsideRegion, new MadeSegment { Address = Start - 0x1000, Rights = Text });
        Refuses(ElfStatus.SegmentOutsideRegion, new MadeSegment { Address = End, Rights = Text });
        Refuses(
            ElfStatus.SegmentOutsideRegion,
            new MadeSegment
            {
                Address = Start,
                Rights = Text,
                MemoryBytes = ulong.MaxValue,
            }
        );
        Refuses(ElfStatus.SegmentNotAligned, new MadeSegment { Address = Start + 8, Rights = Text });
        Refuses(ElfStatus.WritableAndExecutable, new MadeSegment { Address = Start, Rights = FrameRights.All });
        Refuses(ElfStatus.BadEntry, new MadeSegment { Address = Start, Rights = FrameRights.Read });
        Refuses(ElfStatus.BadEntry, new MadeSegment { Address = Start + 0x1000, Rights = Text });
        Refuses(ElfStatus.NoSegment);
        Refuses(
            ElfStatus.SegmentsOverlap,
            new MadeSegment
            {
                Address = Start,
                Rights = Text,
                FileBytes = 0x1010,
                MemoryBytes = 0x1010,
            },
            new MadeSegment { Address = Start + 0x1000 }
        );
        // A header that was damaged into one of another type leaves a gap; one whose length was, what is not there.
        Refuses(
            ElfStatus.SegmentMissing,
            new MadeSegment { Address = Start, Rights = Text },
            new MadeSegment { Address = Start + 0x1000, Type = 0 },
            new MadeSegment { Address = Start + 0x2000 }
        );
        Refuses(
            ElfStatus.SegmentIncomplete,
            new MadeSegment
            {
                Address = Start,
                Rights = Text,
                FileBytes = 1,
            }
        );
        var many = new MadeSegment[9];
        for (uint i = 0; i < many.Length; i++)
        {
            many[i] = new MadeSegment { Address = Start + i * 0x1000, Rights = Text };
        }
        Refuses(ElfStatus.TooManySegments, many);
    }

    [Fact]
    public void RefusesOtherFiles()
    {
        byte[] file = ElfMaker.MakeWhole(Start);
        Assert.Equal(ElfStatus.TooShort, Open(file[..63]));
        Assert.Equal(ElfStatus.NotElf64, Open(new byte[64]));
        file[4] = 1;
        Assert.Equal(ElfStatus.NotElf64, Open(file));
        file = ElfMaker.MakeWhole(Start);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), ulong.MaxValue - 8);
        Assert.Equal(ElfStatus.BadProgramHeaders, Open(file));
        Assert.Equal(ElfStatus.BadProgramHeaders, Open(ElfMaker.MakeWhole(Start)[..120]));
    }

    [Fact]
    public void AnyChangeOfTheHeadersIsSurvived()
    {
        byte[] whole = ElfMaker.MakeWhole(Start);
        Gen<(int Place, byte Value)[]> changes = Gen.Choose(0, 64 + 3 * 56)
            .Zip(Gen.OneOf(Gen.Choose(0, 255), Gen.Constant(255)), (place, value) => (place, (byte)value))
            .ArrayOf();
        Prop.ForAll(
                changes.ToArbitrary(),
                made =>
                {
                    byte[] file = (byte[])whole.Clone();
                    foreach ((int place, byte value) in made)
                    {
                        file[place] = value;
                    }
                    if (ElfImage.Open(file, Start, End, out ElfImage image) != ElfStatus.Valid)
                    {
                        return;
                    }
                    for (int i = 0; i < image.SegmentCount; i++)
                    {
                        Assert.InRange((ulong)image.BytesOf(image[i]).Length, 0ul, image[i].MemoryBytes);
                        Assert.InRange(image[i].End, image.Base, image.Base + image.Pages * 0x1000);
                        Assert.InRange(image[i].End, Start, End);
                    }
                }
            )
            .Check(SoakConfig.Of(3000));
    }

    private static void Refuses(ElfStatus status, params MadeSegment[] segments) =>
        Assert.Equal(status, Open(ElfMaker.Make(Start, segments)));

    private static ElfStatus Open(byte[] file) => ElfImage.Open(file, Start, End, out _);
}
