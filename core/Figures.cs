using System;
using System.Runtime.CompilerServices;
using Skerry.Base.Memory;
using Skerry.Base.Text;
using Skerry.Core.Printing;

namespace Skerry.Core;

/// <summary>What the components measured: the root remembers the @bench lines that it prints, for the final table.</summary>
internal static class Figures
{
    private const int Capacity = 16;
    private const int MaximumLine = 160;

    /// <summary>Protects the lines and the count; entrypoints and the doorbell thread print.</summary>
    private static ExclusiveLock linesLock;
    private static Lines lines;
    private static int count;

    private static ReadOnlySpan<byte> Prefix => "@bench "u8;

    /// <summary>Called with each line that is printed; others than measurements are ignored.</summary>
    public static void Observe(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(Prefix))
        {
            return;
        }
        ReadOnlySpan<byte> rest = line.Slice(Prefix.Length);
        linesLock.Acquire();
        if (count < Capacity && lines[count].TrySet(rest))
        {
            count++;
        }
        linesLock.Release();
    }

    /// <summary>One line for each: what, the median, its unit, and of how many.</summary>
    public static void Print()
    {
        Span<byte> buffer = stackalloc byte[256];
        var text = new TextBuilder(buffer);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> line = lines[i].Text;
            text.Clear();
            text.Append(Until(line, (byte)' ')).Append(": median "u8).Append(Field(line, "median="u8));
            text.Append((byte)' ').Append(Field(line, "unit="u8));
            text.Append(" of "u8).Append(Field(line, "n="u8)).AppendLine();
            Console.Write(text.Text);
        }
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key) =>
        CommandWords.TryFind(Until(line, (byte)'\n'), key, out ReadOnlySpan<byte> value) ? value : "-"u8;

    private static ReadOnlySpan<byte> Until(ReadOnlySpan<byte> text, byte end)
    {
        int length = 0;
        while (length < text.Length && text[length] != end && text[length] != (byte)'\n')
        {
            length++;
        }
        return text.Slice(0, length);
    }

    [InlineArray(MaximumLine)]
    private struct LineBytes
    {
        private byte _byte;
    }

    [InlineArray(Capacity)]
    private struct Lines
    {
        private BoundedText<LineBytes> _line;
    }
}
