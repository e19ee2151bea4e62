using FsCheck;
using FsCheck.Fluent;
using Skerry.Qemu.Source;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("4096", 4096)]
    [InlineData("64K", 64 * 1024)]
    [InlineData("128m", 128 * 1024 * 1024)]
    [InlineData("2G", 2UL * 1024 * 1024 * 1024)]
    [InlineData("1T", 1UL << 40)]
    [InlineData("0x1F000", 0x1f000)]
    public void ReadsAmounts(string text, ulong bytes)
    {
        Assert.True(ByteSize.TryParse(text, out ulong parsed));
        Assert.Equal(bytes, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-1")]
    [InlineData("1.5G")]
    [InlineData("12P")]
    [InlineData("0x")]
    [InlineData("18446744073709551615K")]
    [InlineData("99999999999999999999")]
    public void RefusesOthers(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Fact]
    public void WhatIsWrittenIsReadBack() =>
        Prop.ForAll<ulong>(bytes => ByteSize.TryParse(ByteSize.Format(bytes), out ulong read) && read == bytes)
            .QuickCheckThrowOnFailure();
}
