using System;

namespace Skerry.Boot.CommandLines;

/// <summary>Words separated by spaces; the last one of a name counts, as on other kernels' command lines.</summary>
public static class CommandLine
{
    /// <summary>The value of the word that starts with <paramref name="name"/>, its '=' included.</summary>
    public static bool Find(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        bool found = false;
        while (!line.IsEmpty)
        {
            int space = line.IndexOf((byte)' ');
            int length = space < 0 ? line.Length : space;
            ReadOnlySpan<byte> word = line.Slice(0, length);
            if (word.StartsWith(name))
            {
                value = word.Slice(name.Length);
                found = true;
            }
            line = line.Slice(space < 0 ? length : length + 1);
        }
        return found;
    }
}
