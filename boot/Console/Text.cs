using System;

namespace Skerry.Boot.Console;

/// <summary>Text and numbers for people and programs, without buffers.</summary>
public static class Text<TConsole>
    where TConsole : struct, IConsole
{
    public static void Write(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            TConsole.Write(text[i]);
        }
    }

    /// <summary>Text from outside, with '?' for whatever could end the line or the word, or steer a terminal.</summary>
    public static void WritePrintable(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            TConsole.Write(text[i] is > (byte)' ' and <= (byte)'~' ? text[i] : (byte)'?');
        }
    }

    public static void Write(ulong value)
    {
        ulong divisor = 1;
        while (value / divisor >= 10)
        {
            divisor *= 10;
        }
        for (; divisor != 0; divisor /= 10)
        {
            TConsole.Write((byte)('0' + value / divisor % 10));
        }
    }

    /// <summary>Decimal, with spaces in front up to the width.</summary>
    public static void WriteRight(ulong value, int width)
    {
        int digits = 1;
        for (ulong rest = value / 10; rest != 0; rest /= 10)
        {
            digits++;
        }
        for (; digits < width; digits++)
        {
            TConsole.Write((byte)' ');
        }
        Write(value);
    }

    /// <summary>0x and at least one digit.</summary>
    public static void WriteHex(ulong value)
    {
        Write("0x"u8);
        int shift = 60;
        while (shift > 0 && value >> shift == 0)
        {
            shift -= 4;
        }
        for (; shift >= 0; shift -= 4)
        {
            ulong digit = (value >> shift) & 15;
            TConsole.Write((byte)(digit < 10 ? '0' + digit : 'a' + digit - 10));
        }
    }

    /// <summary>Bytes in the largest unit that has a whole number of them.</summary>
    public static void WriteBytes(ulong bytes)
    {
        if (bytes != 0 && bytes % (1 << 20) == 0)
        {
            Write(bytes >> 20);
            Write(" MiB"u8);
        }
        else
        {
            Write(bytes >> 10);
            Write(" KiB"u8);
        }
    }

    public static void Line() => TConsole.Write((byte)'\n');

    public static void Line(ReadOnlySpan<byte> text)
    {
        Write(text);
        Line();
    }

    /// <summary>" name=value", as the lines for programs have it.</summary>
    public static void Field(ReadOnlySpan<byte> name, ulong value)
    {
        FieldName(name);
        Write(value);
    }

    public static void FieldHex(ReadOnlySpan<byte> name, ulong value)
    {
        FieldName(name);
        WriteHex(value);
    }

    public static void FieldName(ReadOnlySpan<byte> name)
    {
        TConsole.Write((byte)' ');
        Write(name);
        TConsole.Write((byte)'=');
    }
}
