using System.Collections.Generic;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Skerry.Tests.Host.Base;

/// <summary>Bytes at which rules of UTF-8 and of the console change, by themselves and between whole characters.</summary>
internal static class OddText
{
    /// <summary>The first and the last of each kind of byte, and what commands a terminal.</summary>
    public static byte[] Edges { get; } =
    [
        0x00,
        0x09,
        0x0d,
        0x1b,
        0x1f,
        0x20,
        0x41,
        0x7e,
        0x7f,
        0x80,
        0x8f,
        0x90,
        0x9b,
        0x9f,
        0xa0,
        0xbf,
        0xc0,
        0xc1,
        0xc2,
        0xdf,
        0xe0,
        0xec,
        0xed,
        0xef,
        0xf0,
        0xf1,
        0xf4,
        0xf5,
        0xff,
    ];

    /// <summary>Of at most so many pieces.</summary>
    public static Arbitrary<byte[]> Of(int pieces) =>
        Gen.Choose(0, pieces).SelectMany(count => Piece.ListOf(count)).Select(Joined).ToArbitrary();

    /// <summary>Characters of each length, at most so many.</summary>
    public static Arbitrary<byte[]> Whole(int characters) =>
        Gen.Choose(0, characters).SelectMany(count => Character.ListOf(count)).Select(Joined).ToArbitrary();

    private static Gen<byte[]> Character => Gen.Elements("x", "é", "€", "\U0001f30a").Select(Encoding.UTF8.GetBytes);

    private static Gen<byte[]> Piece =>
        Gen.OneOf(
            Gen.Elements(Edges).Select(edge => new[] { edge }),
            Gen.Elements("é", "€", "\U0001f30a", "x", "\u0085", "\u009b", "\u00a0", "\ud7ff", "\n")
                .Select(Encoding.UTF8.GetBytes)
        );

    private static byte[] Joined(IEnumerable<byte[]> pieces) => [.. pieces.SelectMany(piece => piece)];
}
