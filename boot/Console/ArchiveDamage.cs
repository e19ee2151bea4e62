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
        // A damaged name must not end the line.
        for (int i = 0; i < check.Name.Length; i++)
        {
            TConsole.Write(check.Name[i] is > (byte)' ' and <= (byte)'~' ? check.Name[i] : (byte)'?');
        }
        Text<TConsole>.Write(": "u8);
    }

    private static ReadOnlySpan<byte> Of(TarStatus status) =>
        status switch
        {
            TarStatus.NoHeader => "no ustar header is there"u8,
            TarStatus.NoName => "the header has no name"u8,
            TarStatus.BadChecksum => "the header's checksum is wrong"u8,
            TarStatus.BadSize => "the size is no number"u8,
            TarStatus.Cut => "the archive ends before it does"u8,
            _ => "the two blocks of zeros that end an archive are not there"u8,
        };
}
