using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CliWrap;
using CliWrap.Buffered;

namespace Skerry.Tests.Image.Code;

/// <summary>What binutils' addr2line reads from the debugging information (DWARF) of an image.</summary>
internal static class SourcePlaces
{
    /// <summary>What images call the checkout (PathMap in Directory.Build.props).</summary>
    private const string Root = "/skerry/";

    /// <returns>Those of the addresses that have a line in a file of the checkout.</returns>
    public static IReadOnlyDictionary<ulong, SourcePlace> Of(string image, IReadOnlyList<ulong> addresses)
    {
        string asked = string.Join('\n', addresses.Select(a => a.ToString("x", CultureInfo.InvariantCulture)));
        BufferedCommandResult result = Cli.Wrap("addr2line")
            .WithArguments(["-e", image])
            .WithStandardInputPipe(PipeSource.FromString(asked))
            .ExecuteBufferedAsync()
            .Task.GetAwaiter()
            .GetResult();
        string[] lines = result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length != addresses.Count)
        {
            throw new InvalidOperationException($"addr2line answered {lines.Length} of {addresses.Count}");
        }
        return addresses
            .Zip(lines, (address, line) => (Address: address, Place: Parse(line)))
            .Where(pair => pair.Place is not null)
            .ToDictionary(pair => pair.Address, pair => pair.Place!);
    }

    /// <summary>"/skerry/kernel/Entry/TrapStubs.cs:55", perhaps with a remark in parentheses; "??:?" for none.</summary>
    private static SourcePlace? Parse(string line)
    {
        string[] parts = line.Split(' ')[0].Split(':');
        return
            parts is [var file, var number]
            && file.StartsWith(Root, StringComparison.Ordinal)
            && int.TryParse(number, CultureInfo.InvariantCulture, out int value)
            ? new SourcePlace(file[Root.Length..], value)
            : null;
    }
}
