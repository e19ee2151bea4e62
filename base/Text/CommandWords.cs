using System;

namespace Skerry.Base.Text;

/// <summary>Words of a command line, between spaces.</summary>
public static class CommandWords
{
    public static bool Has(ReadOnlySpan<byte> line, ReadOnlySpan<byte> word)
    {
        while (line.Length != 0)
        {
            if (Take(ref line).SequenceEqual(word))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The decimal number behind the last word that begins so, as in seed=7.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="name">The word's beginning, with its "=".</param>
    /// <param name="otherwise">The answer if there is no such word, or no number behind it.</param>
    public static ulong Number(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ulong otherwise)
    {
        ulong result = otherwise;
        while (line.Length != 0)
        {
            ReadOnlySpan<byte> word = Take(ref line);
            if (word.Length > name.Length && word.Slice(0, name.Length).SequenceEqual(name))
            {
                result = Parse(word.Slice(name.Length), otherwise);
            }
        }
        return result;
    }

    /// <summary>The first word; the line goes on behind its space.</summary>
    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> line)
    {
        int length = 0;
        while (length < line.Length && line[length] != (byte)' ')
        {
            length++;
        }
        ReadOnlySpan<byte> word = line.Slice(0, length);
        line = line.Slice(length < line.Length ? length + 1 : length);
        return word;
    }

    private static ulong Parse(ReadOnlySpan<byte> digits, ulong otherwise)
    {
        ulong value = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            if (digits[i] < (byte)'0' || digits[i] > (byte)'9')
            {
                return otherwise;
            }
            value = unchecked(value * 10 + digits[i] - (byte)'0');
        }
        return value;
    }
}
