using System;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.CommandLines;

/// <summary>mitigations=off|on on the command line; without it, or with another value, off.</summary>
public static class MitigationsReader
{
    public static bool Read(ReadOnlySpan<byte> commandLine, ref WarningList warnings)
    {
        if (!CommandLine.Find(commandLine, "mitigations="u8, out ReadOnlySpan<byte> value))
        {
            return false;
        }
        if (value.SequenceEqual("on"u8))
        {
            return true;
        }
        if (!value.SequenceEqual("off"u8))
        {
            warnings.Add(WarningSource.CommandLine, WarningReason.BadValue);
        }
        return false;
    }
}
