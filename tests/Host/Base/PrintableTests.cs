using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Text;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>What may go out to the console, against what .NET calls a character and a control.</summary>
public sealed class PrintableTests
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    [Theory]
    [InlineData("plain text, é and \U0001f30a", "plain text, é and \U0001f30a")]
    [InlineData("\rover\u001b[2J\0\u007f", "?over?[2J??")]
    [InlineData("a\nb", "a?b")]
    [InlineData("@exit\t16", "@exit 16")]
    [InlineData("\u0080\u0085\u009b2J\u009f\u00a0", "??????2J??\u00a0")]
    public void ControlsAreReplaced(string text, string printed) =>
        Assert.Equal(printed, Made(Encoding.UTF8.GetBytes(text)));

    /// <summary>Alone, out of order, in a longer form than need be, halves of UTF-16, beyond the last character, and cut.</summary>
    [Theory]
    [InlineData(new byte[] { 0x9b, 0x32, 0x4a }, "?2J")]
    [InlineData(new byte[] { 0x80, 0x85, 0x9f, 0xbf }, "????")]
    [InlineData(new byte[] { 0xc0, 0x9b, 0xc1, 0xbf }, "????")]
    [InlineData(new byte[] { 0xe0, 0x82, 0x9b }, "???")]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 }, "???")]
    [InlineData(new byte[] { 0xf4, 0x90, 0x80, 0x80 }, "????")]
    [InlineData(new byte[] { 0xe2, 0x82 }, "??")]
    [InlineData(new byte[] { 0xe2, 0xc2, 0x9b, 0x41 }, "???A")]
    [InlineData(new byte[] { 0xff, 0xc3, 0xa9 }, "?é")]
    public void WhatIsNoCharacterIsReplaced(byte[] text, string printed) => Assert.Equal(printed, Made(text));

    [Fact]
    public void WhatGoesOutIsTextThatCommandsNothing() =>
        Prop.ForAll(
                OddText.Of(30),
                text =>
                {
                    byte[] made = [.. text];
                    Printable.Make(made);
                    Assert.Equal(text.Length, made.Length);
                    Assert.DoesNotContain(_strict.GetString(made).EnumerateRunes(), Rune.IsControl);
                    byte[] again = [.. made];
                    Printable.Make(again);
                    Assert.Equal(made, again);
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>Character by character, as the library reads it.</summary>
    [Fact]
    public void AllElseIsLeft() =>
        Prop.ForAll(
                OddText.Of(30),
                text =>
                {
                    byte[] made = [.. text];
                    Printable.Make(made);
                    Assert.Equal(Expected(text), made);
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>A builder changes nothing before the words, and cuts no character of them.</summary>
    [Fact]
    public void ABuilderAppendsItsBeginning() =>
        Prop.ForAll(
                OddText.Of(8),
                text =>
                {
                    var built = new TextBuilder(new byte[8]);
                    built.Append("\t"u8).AppendPrintable(text);
                    int kept = built.Text.Length - 1;
                    Assert.Equal(text.Length > 7, built.IsTruncated);
                    Assert.Equal((byte)'\t', built.Text[0]);
                    Assert.Equal(Expected(text[..kept]), built.Text[1..].ToArray());
                    Assert.InRange(kept, Math.Min(text.Length, 8 - Characters.MaximumBytes), 7);
                }
            )
            .QuickCheckThrowOnFailure();

    private static IEnumerable<byte> Expected(byte[] text)
    {
        for (int at = 0; at < text.Length; )
        {
            bool isCharacter =
                Rune.DecodeFromUtf8(text.AsSpan(at), out Rune rune, out int bytes) == OperationStatus.Done;
            bool isTab = rune.Value == '\t';
            foreach (byte one in text.Skip(at).Take(bytes))
            {
                yield return isTab ? (byte)' '
                : isCharacter && !Rune.IsControl(rune) ? one
                : (byte)'?';
            }
            at += bytes;
        }
    }

    private static string Made(byte[] text)
    {
        byte[] made = [.. text];
        Printable.Make(made);
        return _strict.GetString(made);
    }
}
