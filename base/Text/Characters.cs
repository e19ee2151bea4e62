using System;

namespace Skerry.Base.Text;

/// <summary>Where characters of UTF-8 begin and end (Unicode, table 3-7), in text that need not be UTF-8 at all.</summary>
public static class Characters
{
    /// <summary>Bytes of the longest character.</summary>
    public const int MaximumBytes = 4;

    private const byte FirstContinuation = 0x80;
    private const byte LastContinuation = 0xbf;

    /// <summary>Copies as much of a text as there is room for, and no part of a character.</summary>
    /// <returns>Bytes copied.</returns>
    public static int Copy(ReadOnlySpan<byte> text, Span<byte> room)
    {
        if (text.Length > room.Length)
        {
            text = text.Slice(0, room.Length);
            text = text.Slice(0, text.Length - Unfinished(text));
        }
        text.CopyTo(room);
        return text.Length;
    }

    /// <summary>
    /// Bytes at the end of a text that begin a character whose last byte does not stand there. By the first byte alone: what
    /// can become no character whatever follows may be among them.
    /// </summary>
    public static int Unfinished(ReadOnlySpan<byte> text)
    {
        int bytes = 0;
        while (++bytes < MaximumBytes && bytes <= text.Length)
        {
            byte lead = text[text.Length - bytes];
            if (!IsContinuation(lead))
            {
                return Length(lead) > bytes ? bytes : 0;
            }
        }
        return 0;
    }

    /// <summary>Bytes of the character that a text begins with; 0 if it begins with none.</summary>
    public static int First(ReadOnlySpan<byte> text)
    {
        int bytes = text.IsEmpty ? 0 : Length(text[0]);
        if (bytes > text.Length || (bytes > 1 && !IsSecond(text[0], text[1])))
        {
            return 0;
        }
        for (int i = 2; i < bytes; i++)
        {
            if (!IsContinuation(text[i]))
            {
                return 0;
            }
        }
        return bytes;
    }

    /// <summary>Bytes of a character by its first one; 0 if none begins so.</summary>
    private static int Length(byte lead) =>
        lead switch
        {
            < FirstContinuation => 1,
            >= 0xc2 and <= 0xdf => 2,
            >= 0xe0 and <= 0xef => 3,
            >= 0xf0 and <= 0xf4 => 4,
            _ => 0,
        };

    /// <summary>No character has two forms, none is a half of UTF-16's pairs, and none is beyond U+10FFFF.</summary>
    private static bool IsSecond(byte lead, byte second)
    {
        byte first = lead switch
        {
            0xe0 => 0xa0,
            0xf0 => 0x90,
            _ => FirstContinuation,
        };
        byte last = lead switch
        {
            0xed => 0x9f,
            0xf4 => 0x8f,
            _ => LastContinuation,
        };
        return second >= first && second <= last;
    }

    private static bool IsContinuation(byte value) => value is >= FirstContinuation and <= LastContinuation;
}
