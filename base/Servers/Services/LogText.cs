using System;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Services;

/// <summary>What a component may put on the console: its own words, on lines that are known as its own.</summary>
internal static class LogText
{
    private const byte Record = (byte)'@';
    private const byte FirstPrintable = (byte)' ';
    private const byte Delete = 0x7f;
    private const byte Replacement = (byte)'?';

    /// <summary>
    /// Whether a line is a record for programs, which comes out as it is. Those that the system tells about itself
    /// (docs/testing.md) are no component's: in its mouth they are text.
    /// </summary>
    public static bool IsRecord(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> name = CommandWords.First(line);
        bool isTheSystems =
            name.SequenceEqual("@exit"u8)
            || name.SequenceEqual("@boot"u8)
            || name.SequenceEqual("@cluster"u8)
            || name.SequenceEqual("@registers"u8)
            || name.SequenceEqual("@topology"u8)
            || name.SequenceEqual("@vcore"u8);
        return !line.IsEmpty && line[0] == Record && !isTheSystems;
    }

    /// <summary>
    /// A byte as it may be printed. A carriage return or an escape would let a component write over others' lines; a tab is
    /// a space, which ends the name of a record.
    /// </summary>
    public static byte Printable(byte value)
    {
        if (value == (byte)'\t')
        {
            return FirstPrintable;
        }
        return value is < FirstPrintable or Delete ? Replacement : value;
    }
}
