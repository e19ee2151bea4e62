using System;

namespace Skerry.Base.Text;

/// <summary>Words of a command line, between spaces.</summary>
public static class CommandWords
{
    public static bool Has(ReadOnlySpan<byte> line, ReadOnlySpan<byte> word)
    {
        while (line.Length != 0)
        {
            ReadOnlySpan<byte> next = First(line);
            if (next.SequenceEqual(word))
            {
                return true;
            }
            line = Behind(line, next);
        }
        return false;
    }

    /// <summary>What stands behind a name, up to the next space; of the last word of that name.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="name">The word's beginning, with its "=".</param>
    /// <param name="value">What stands there; empty if nothing does.</param>
    /// <returns>False: there is no such word.</returns>
    public static bool TryFind(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        bool found = false;
        while (line.Length != 0)
        {
            ReadOnlySpan<byte> word = First(line);
            if (word.Length >= name.Length && word.Slice(0, name.Length).SequenceEqual(name))
            {
                value = word.Slice(name.Length);
                found = true;
            }
            line = Behind(line, word);
        }
        return found;
    }

    /// <summary>The decimal number behind the last word that begins so, as in seed=7.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="name">The word's beginning, with its "=".</param>
    /// <param name="otherwise">The answer if there is no such word, or no number behind it.</param>
    public static ulong Number(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ulong otherwise) =>
        TryFind(line, name, out ReadOnlySpan<byte> digits) && digits.Length != 0 ? Parse(digits, otherwise) : otherwise;

    /// <summary>The line up to its first space.</summary>
    public static ReadOnlySpan<byte> First(ReadOnlySpan<byte> line)
    {
        int space = line.IndexOf((byte)' ');
        return space < 0 ? line : line.Slice(0, space);
    }

    /// <summary>The line behind its first word and the space there.</summary>
    private static ReadOnlySpan<byte> Behind(ReadOnlySpan<byte> line, ReadOnlySpan<byte> first) =>
        line.Slice(first.Length < line.Length ? first.Length + 1 : first.Length);

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
