using System;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Text;
using Xunit;

namespace Skerry.Tests.Host.Base;

public class TextBuilderTests
{
    private delegate void Build(ref TextBuilder text);

    [Fact]
    public void DecimalAndHexAreWhatTheHostLibraryWrites() =>
        Prop.ForAll<ulong>(value =>
            {
                Assert.Equal($"{value}", Built((ref TextBuilder t) => t.AppendDecimal(value)));
                Assert.Equal($"{value, 12}", Built((ref TextBuilder t) => t.AppendDecimal(value, 12)));
                Assert.Equal($"0x{value:x}", Built((ref TextBuilder t) => t.AppendHex(value)));
                Assert.Equal($"0x{value:x16}", Built((ref TextBuilder t) => t.AppendHex(value, 16)));
            })
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1000, "1000 B")]
    [InlineData(4096, "4 KiB")]
    [InlineData(4097, "4097 B")]
    [InlineData(3L << 20, "3 MiB")]
    [InlineData(5L << 30, "5 GiB")]
    [InlineData(7L << 40, "7 TiB")]
    [InlineData(2048L << 40, "2048 TiB")]
    public void SizesUseTheLargestUnitThatDivides(long bytes, string expected) =>
        Assert.Equal(expected, Built((ref TextBuilder t) => t.AppendSize((ulong)bytes)));

    [Fact]
    public void Extremes() =>
        Assert.Equal(
            "18446744073709551615 0",
            Built((ref TextBuilder t) => t.AppendDecimal(ulong.MaxValue).Append((byte)' ').AppendDecimal(0))
        );

    [Fact]
    public void WhatDoesNotFitIsCutOffAndSaid()
    {
        var text = new TextBuilder(new byte[5]);
        text.Append("abc"u8);
        Assert.False(text.IsTruncated);
        text.Append("def"u8);
        Assert.True(text.IsTruncated);
        Assert.Equal("abcde", Encoding.UTF8.GetString(text.Text));
        text.Clear();
        Assert.True(text.Text.IsEmpty);
        Assert.False(text.IsTruncated);
    }

    /// <summary>Of a text that has a gap nobody sees that something is missing.</summary>
    [Fact]
    public void NothingComesBehindWhatWasCutOff()
    {
        var text = new TextBuilder(new byte[5]);
        text.Append("abc"u8).Append("€"u8).Append("d"u8).Append((byte)'e').AppendDecimal(1).AppendLine();
        Assert.True(text.IsTruncated);
        Assert.Equal("abc", Encoding.UTF8.GetString(text.Text));
    }

    private static string Built(Build build)
    {
        var text = new TextBuilder(new byte[100]);
        build(ref text);
        Assert.False(text.IsTruncated);
        return Encoding.UTF8.GetString(text.Text);
    }
}
