using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Text;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>Text by value, of up to ten bytes here.</summary>
public sealed unsafe class BoundedTextTests
{
    private const int Maximum = 10;

    private static readonly byte[] _other = "other"u8.ToArray();

    [Fact]
    public void WhatFitsIsKeptAndWhatIsLongerIsCutBetweenCharacters() =>
        Prop.ForAll(
                OddText.Of(12),
                bytes =>
                {
                    BoundedText<TenBytes> text = BoundedText<TenBytes>.Of(_other);
                    text.Set(bytes);
                    byte[] kept = text.Text.ToArray();
                    Assert.Equal(bytes.Take(kept.Length), kept);
                    Assert.Equal(bytes.Length <= Maximum ? bytes.Length : Maximum - LeftOut(bytes), kept.Length);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void WhatIsTooLongForAllOfItIsNotSet() =>
        Prop.ForAll(
                OddText.Of(12),
                bytes =>
                {
                    BoundedText<TenBytes> text = BoundedText<TenBytes>.Of(_other);
                    Assert.Equal(bytes.Length <= Maximum, text.TrySet(bytes));
                    Assert.Equal(bytes.Length <= Maximum ? bytes : _other, text.Text);
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>Valid text stays valid, as much of it as there is room for.</summary>
    [Fact]
    public void CharactersStayWhole() =>
        Prop.ForAll(
                OddText.Whole(6),
                bytes =>
                {
                    int fits = 0;
                    foreach (Rune rune in Encoding.UTF8.GetString(bytes).EnumerateRunes())
                    {
                        if (fits + rune.Utf8SequenceLength > Maximum)
                        {
                            break;
                        }
                        fits += rune.Utf8SequenceLength;
                    }
                    Assert.Equal(bytes[..fits], BoundedText<TenBytes>.Of(bytes).Text);
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>One that came in a message.</summary>
    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(0x8000_0000)]
    [InlineData(Maximum + 1)]
    public void ALengthThatIsNoneReadsNothingBehindTheStorage(uint length)
    {
        BoundedText<TenBytes> text = BoundedText<TenBytes>.Of("ten bytes!"u8);
        *(uint*)&text = length;
        Assert.Equal("ten bytes!"u8, text.Text);
    }

    [Fact]
    public void NothingIsNoText() => Assert.True(default(BoundedText<TenBytes>).Text.IsEmpty);

    /// <summary>As records that have one, and messages, have it: nothing but the length comes before the bytes.</summary>
    [Fact]
    public void ItIsAsLargeAsLengthAndStorage() => Assert.Equal(16, sizeof(BoundedText<TenBytes>));

    private static int LeftOut(byte[] bytes) => Characters.Unfinished(bytes.AsSpan(0, Maximum));

    [InlineArray(Maximum)]
    private struct TenBytes
    {
        private byte _byte;
    }
}
