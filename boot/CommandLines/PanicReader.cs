using System;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.CommandLines;

/// <summary>panic=exit on the command line: a panic in any cluster ends QEMU.</summary>
public static class PanicReader
{
    public static ReadOnlySpan<byte> Word => "panic="u8;

    public static ReadOnlySpan<byte> Known => "exit"u8;

    /// <returns>Whether a panic ends the machine. False without the word, or with another value, which is a warning.</returns>
    public static bool Read(ReadOnlySpan<byte> commandLine, ref WarningList warnings)
    {
        if (!CommandLine.Find(commandLine, Word, out ReadOnlySpan<byte> value, out int at))
        {
            return false;
        }
        bool exits = value.SequenceEqual("exit"u8);
        if (!exits)
        {
            warnings.Add(WarningSource.CommandLine, WarningReason.BadValue, (ulong)at);
        }
        return exits;
    }
}
