using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using CliWrap;
using CliWrap.Buffered;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Commands;

/// <summary>
/// Where gdb is to stop: a symbol of one program. All components lie at the same addresses, so behind the address stands a
/// question that only this program answers with yes: 8 bytes of the page where it stops that no other one has there.
/// </summary>
internal static class DebugStop
{
    private const ulong PageBytes = 4096;

    /// <summary>Bytes of a method that are looked through for its first line.</summary>
    private const int MostBefore = 512;

    /// <summary>These lie at addresses of their own.</summary>
    private static readonly string[] _alone = ["kernel", "kernel-checked", "boot"];

    /// <param name="repository">Whose images there are.</param>
    /// <param name="image">A program's name.</param>
    /// <param name="symbol">As the linker has it, or Class.Method of C#; null: the program's entry.</param>
    /// <returns>What gdb's hbreak takes.</returns>
    /// <exception cref="BadInputException">There is no such program or symbol, or it means several.</exception>
    public static string Of(Repository repository, string image, string? symbol)
    {
        string path = BootArchive.Image(repository.Images, image);
        var loaded = new LoadedImage(path);
        ulong address = symbol is null ? loaded.Entry : FirstLine(path, AddressOf(path, symbol));
        string place = Invariant($"*0x{address:x}");
        if (_alone.Contains(image))
        {
            return place;
        }
        ulong mark = MarkOf(loaded, Others(repository, image), address);
        return place + Invariant($" if *(unsigned long *)0x{mark:x} == 0x{loaded.At(mark):x}");
    }

    private static LoadedImage[] Others(Repository repository, string image) =>
        [
            .. Directory
                .EnumerateFiles(repository.Images, "*.elf")
                .Where(file =>
                    Path.GetFileNameWithoutExtension(file) is var name && name != image && !_alone.Contains(name)
                )
                .Select(file => new LoadedImage(file)),
        ];

    /// <summary>Near where it stops, as only that page is sure to be mapped then.</summary>
    private static ulong MarkOf(LoadedImage image, IReadOnlyList<LoadedImage> others, ulong stop)
    {
        ulong page = stop & ~(PageBytes - 1);
        for (ulong address = page; address < page + PageBytes; address += sizeof(ulong))
        {
            if (image.At(address) is { } own && others.All(other => other.At(address) != own))
            {
                return address;
            }
        }
        throw new BadInputException(Invariant($"nothing tells this program from the others near 0x{stop:x}"));
    }

    private static ulong AddressOf(string path, string symbol)
    {
        (ulong Address, string Name)[] symbols = [.. Symbols(path)];
        string method = "_" + symbol.Replace(".", "__", StringComparison.Ordinal);
        (ulong Address, string Name)[] found =
        [
            .. symbols
                .Where(entry => entry.Name == symbol || entry.Name.EndsWith(method, StringComparison.Ordinal))
                .Where(entry => !entry.Name.StartsWith("_lsda", StringComparison.Ordinal))
                .DistinctBy(entry => entry.Address),
        ];
        return found.Length switch
        {
            1 => found[0].Address,
            0 => throw new BadInputException($"{path}: has no symbol and no method \"{symbol}\""),
            _ => throw new BadInputException(
                $"{path}: \"{symbol}\" may be {string.Join(" or ", found.Select(entry => entry.Name))}"
            ),
        };
    }

    /// <summary>What a method does before its first line (it clears its frame) has no line; as binutils' addr2line says.</summary>
    private static ulong FirstLine(string path, ulong start)
    {
        IEnumerable<string> asked = Enumerable.Range(0, MostBefore).Select(i => Invariant($"{start + (ulong)i:x}"));
        BufferedCommandResult result = Cli.Wrap("addr2line")
            .WithArguments(["-e", path])
            .WithStandardInputPipe(PipeSource.FromString(string.Join('\n', asked)))
            .ExecuteBufferedAsync()
            .Task.GetAwaiter()
            .GetResult();
        int first = Array.FindIndex(result.StandardOutput.Split('\n'), line => line.StartsWith('/'));
        return first < 0 ? start : start + (ulong)first;
    }

    /// <summary>As binutils' nm lists them: address, kind, name.</summary>
    private static IEnumerable<(ulong Address, string Name)> Symbols(string path)
    {
        BufferedCommandResult result = Cli.Wrap("nm")
            .WithArguments(["--defined-only", path])
            .ExecuteBufferedAsync()
            .Task.GetAwaiter()
            .GetResult();
        return result
            .StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 3))
            .Where(words => words.Length == 3 && words[1] is "t" or "T")
            .Select(words => (ulong.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), words[2]));
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
