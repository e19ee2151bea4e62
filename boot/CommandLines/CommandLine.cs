using System;

namespace Skerry.Boot.CommandLines;

/// <summary>Words separated by spaces; the last one of a name counts, as on other kernels' command lines.</summary>
public static class CommandLine
{
    /// <summary>The value of the word that starts with <paramref name="name"/>, its '=' included.</summary>
    /// <param name="line">All words.</param>
    /// <param name="name">Of the word.</param>
    /// <param name="value">What stands behind the name.</param>
    /// <param name="at">Where the word begins.</param>
    /// <returns>False: there is no such word.</returns>
    public static bool Find(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out int at)
    {
        value = default;
        at = -1;
        for (int start = 0; start < line.Length; )
        {
            ReadOnlySpan<byte> word = WordAt(line, start);
            if (IsNamed(word, name))
            {
                value = word.Slice(name.Length);
                at = start;
            }
            start += word.Length + 1;
        }
        return at >= 0;
    }

    /// <summary>From there to the next space.</summary>
    public static ReadOnlySpan<byte> WordAt(ReadOnlySpan<byte> line, int start)
    {
        ReadOnlySpan<byte> rest = line.Slice(start);
        int space = rest.IndexOf((byte)' ');
        return space < 0 ? rest : rest.Slice(0, space);
    }

    public static bool IsNamed(ReadOnlySpan<byte> word, ReadOnlySpan<byte> name) => word.StartsWith(name);
}
