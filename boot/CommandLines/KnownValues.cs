using System;

namespace Skerry.Boot.CommandLines;

/// <summary>What the words of the command line that bootstrap reads can be, for a person.</summary>
public static class KnownValues
{
    /// <param name="word">With its name; one that bootstrap reads.</param>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> word) =>
        CommandLine.IsNamed(word, ClusterModeReader.Word) ? ClusterModeReader.Known
        : CommandLine.IsNamed(word, MitigationsReader.Word) ? MitigationsReader.Known
        : CommandLine.IsNamed(word, PanicReader.Word) ? PanicReader.Known
        : DeliberateFaultReader.Known;
}
