using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Skerry.Base.Text;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>Where characters begin and end, against what .NET's own reader of UTF-8 says.</summary>
public sealed class CharactersTests
{
    /// <summary>All texts of up to four bytes at which a rule changes.</summary>
    private static IEnumerable<byte[]> All
    {
        get
        {
            IEnumerable<byte[]> texts =
            [
                [],
            ];
            for (int length = 1; length <= Characters.MaximumBytes; length++)
            {
                texts = texts.SelectMany(text => OddText.Edges.Select(edge => (byte[])[.. text, edge]));
                foreach (byte[] text in texts)
                {
                    yield return text;
                }
            }
        }
    }

    [Fact]
    public void TheFirstCharacterIsTheLibrarys() =>
        Assert.All(
            All.Chunk(10_000),
            texts => Assert.DoesNotContain(texts, text => Characters.First(text) != First(text))
        );

    /// <summary>Whatever the library waits for, and of whole text nothing.</summary>
    [Fact]
    public void WhatIsUnfinishedIsTheLibrarys() =>
        Assert.All(
            All.Chunk(10_000),
            texts => Assert.DoesNotContain(texts, text => !IsRight(Characters.Unfinished(text), text))
        );

    [Fact]
    public void NothingHasNoCharacter() => Assert.Equal((0, 0), (Characters.First([]), Characters.Unfinished([])));

    [Theory]
    [InlineData("aé", 3, 3)]
    [InlineData("aé", 2, 1)]
    [InlineData("aé", 1, 1)]
    [InlineData("€€", 5, 3)]
    [InlineData("\U0001f30a", 3, 0)]
    [InlineData("abc", 2, 2)]
    [InlineData("abc", 3, 3)]
    [InlineData("abc", 4, 3)]
    public void ATextIsCutBetweenCharacters(string text, int room, int length)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte[] copied = new byte[room];
        Assert.Equal(length, Characters.Copy(bytes, copied));
        Assert.Equal([.. bytes[..length], .. new byte[room - length]], copied);
    }

    private static int First(byte[] text) =>
        Rune.DecodeFromUtf8(text, out _, out int bytes) == OperationStatus.Done ? bytes : 0;

    private static bool IsRight(int unfinished, byte[] text)
    {
        int awaited = Enumerable
            .Range(1, Math.Min(text.Length, Characters.MaximumBytes - 1))
            .Where(bytes => IsUnfinished(text[^bytes..]))
            .DefaultIfEmpty(0)
            .Single();
        bool isWhole = Rune.DecodeLastFromUtf8(text, out _, out _) == OperationStatus.Done;
        return unfinished == awaited || (awaited == 0 && !isWhole && unfinished < Characters.MaximumBytes);
    }

    private static bool IsUnfinished(byte[] end) =>
        Rune.DecodeFromUtf8(end, out _, out int bytes) == OperationStatus.NeedMoreData && bytes == end.Length;
}
