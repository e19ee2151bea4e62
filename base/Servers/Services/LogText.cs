using System;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Services;

/// <summary>What of a component's lines stands on the console without its label in front.</summary>
internal static class LogText
{
    private const byte Record = (byte)'@';

    /// <summary>
    /// Whether a line is a record for programs, which comes out as it is. Those that the system tells about itself
    /// (docs/serial-lines.md) are no component's: in its mouth they are text.
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
}
