using System;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.CommandLines;

/// <summary>mitigations=off|on on the command line; without it, or with another value, off.</summary>
public static class MitigationsReader
{
    public static ReadOnlySpan<byte> Word => "mitigations="u8;

    public static ReadOnlySpan<byte> Known => "off, on"u8;

    public static bool Read(ReadOnlySpan<byte> commandLine, ref WarningList warnings)
    {
        if (!CommandLine.Find(commandLine, Word, out ReadOnlySpan<byte> value, out int at))
        {
            return false;
        }
        if (value.SequenceEqual("on"u8))
        {
            return true;
        }
        if (!value.SequenceEqual("off"u8))
        {
            warnings.Add(WarningSource.CommandLine, WarningReason.BadValue, (ulong)at);
        }
        return false;
    }
}
