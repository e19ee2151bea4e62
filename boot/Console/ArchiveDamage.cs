using System;
using Skerry.Base.Archive;

namespace Skerry.Boot.Console;

/// <summary>What is wrong with the boot archive, as the end of a line that begins with its name.</summary>
public static class ArchiveDamage<TConsole>
    where TConsole : struct, IConsole
{
    /// <param name="check">Not Ok.</param>
    /// <param name="bytes">Of the archive.</param>
    public static void Write(in TarCheck check, ulong bytes)
    {
        switch (check.Status)
        {
            case TarStatus.TooShort:
                Text<TConsole>.Write("has "u8);
                Text<TConsole>.Write(bytes);
                Text<TConsole>.Write(" bytes, less than one tar header"u8);
                break;
            case TarStatus.NoEntry:
                Text<TConsole>.Write("begins with zeros: no entry is in it"u8);
                break;
            case TarStatus.BadList:
                Text<TConsole>.Write("is damaged: its list of checksums has a line that is none"u8);
                break;
            case TarStatus.NotThere:
                Text<TConsole>.Write("is damaged: its list of checksums names "u8);
                WriteName(check.Name);
                Text<TConsole>.Write(", which is not there"u8);
                break;
            case TarStatus.ListedTwice:
                Text<TConsole>.Write("is damaged: its list of checksums names "u8);
                WriteName(check.Name);
                Text<TConsole>.Write(" twice"u8);
                break;
            case TarStatus.TooManyUnordered:
                Text<TConsole>.Write("is not in the order of its files' names, and has more than "u8);
                Text<TConsole>.Write((ulong)Checksums.MaximumUnordered);
                Text<TConsole>.Write(" of them"u8);
                break;
            case TarStatus.NoHeader when check.Offset == 0:
                Text<TConsole>.Write("is not a ustar archive"u8);
                break;
            default:
                WritePlace(check);
                Text<TConsole>.Write(Of(check.Status));
                break;
        }
    }

    private static void WritePlace(in TarCheck check)
    {
        Text<TConsole>.Write("is damaged at offset "u8);
        Text<TConsole>.WriteHex((ulong)check.Offset);
        if (!check.Name.IsEmpty)
        {
            Text<TConsole>.Write(check.IsBehind ? ", behind entry "u8 : ", entry "u8);
        }
        WriteName(check.Name);
        Text<TConsole>.Write(": "u8);
    }

    /// <summary>A line of the list may be of any length; no name of a tar is longer than its field.</summary>
    private static void WriteName(ReadOnlySpan<byte> name)
    {
        bool isLong = name.Length > TarReader.NameBytes;
        Text<TConsole>.WritePrintable(isLong ? name.Slice(0, TarReader.NameBytes) : name);
        Text<TConsole>.Write(isLong ? "..."u8 : ""u8);
    }

    private static ReadOnlySpan<byte> Of(TarStatus status) =>
        status switch
        {
            TarStatus.NoHeader => "no ustar header is there"u8,
            TarStatus.NoName => "the header has no name"u8,
            TarStatus.BadChecksum => "the header's checksum is wrong"u8,
            TarStatus.BadSize => "the size is no number"u8,
            TarStatus.Cut => "the archive ends before it does"u8,
            TarStatus.NotListed => "its checksum is not in the list of checksums"u8,
            TarStatus.Twice => "an entry before it has the same name"u8,
            TarStatus.WrongContents => "its contents are not those that the list of checksums says"u8,
            _ => "the two blocks of zeros that end an archive are not there"u8,
        };
}
