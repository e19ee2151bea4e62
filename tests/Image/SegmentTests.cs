using System;
using System.IO;
using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Elf;
using Xunit;

namespace Skerry.Tests.Image;

public sealed class SegmentTests
{
    public static TheoryData<string> All => ImageFiles.All;

    [Theory]
    [MemberData(nameof(All))]
    public void NothingIsWritableAndExecutable(string name) =>
        FindingAssert.None(SegmentCheck.Run(ImageFiles.Elf(name)));

    [Fact]
    public void AWritableTextIsSeen()
    {
        byte[] bytes = ImageFiles.Bytes("kernel");
        int flags = ElfFile.FlagsOffset(bytes, 0);
        Assert.Equal(
            ElfSegmentFlags.Read | ElfSegmentFlags.Execute,
            (ElfSegmentFlags)BitConverter.ToUInt32(bytes, flags)
        );
        bytes[flags] |= (byte)ElfSegmentFlags.Write;
        FindingAssert.Single("writable and executable", SegmentCheck.Run(ElfFile.Read(bytes)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void WhatIsNoImageIsRefused(int brokenByte)
    {
        byte[] bytes = ImageFiles.Bytes("kernel");
        bytes[brokenByte] ^= 0xff;
        Assert.Throws<InvalidDataException>(() => ElfFile.Read(bytes));
    }
}
