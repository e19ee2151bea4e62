using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Skerry.Qemu.Machines;

/// <summary>A line for programs: <c>@KIND word word key=value …</c> (docs/serial-lines.md).</summary>
public sealed class RecordLine
{
    private readonly string[] _words;

    private RecordLine(string[] words)
    {
        _words = words;
        Kind = words[0];
        Fields = words
            .Skip(1)
            .Select(word => word.Split('=', 2))
            .Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0])
            .ToDictionary(group => group.Key, group => group.Last()[1]);
    }

    /// <summary>The word after the '@'.</summary>
    public string Kind { get; }

    /// <summary>The words with a '='.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; }

    /// <exception cref="FormatException">There is no such field.</exception>
    public string Field(string name) =>
        Fields.TryGetValue(name, out string? value)
            ? value
            : throw new FormatException($"\"{this}\" has no field {name}");

    /// <summary>A field's value, in decimal.</summary>
    /// <exception cref="FormatException">There is no such field, or it is no number.</exception>
    public long Number(string name) =>
        long.TryParse(Field(name), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new FormatException($"\"{this}\": {name} is no number");

    /// <summary>A word by place, the first after the kind being 0; empty if there are fewer.</summary>
    public string Word(int index) => index + 1 < _words.Length ? _words[index + 1] : "";

    /// <summary>All from a word on, such as a reason that has spaces.</summary>
    public string Rest(int index) => string.Join(' ', _words.Skip(index + 1));

    /// <returns>The line taken apart, or null if it is for people.</returns>
    public static RecordLine? Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!line.StartsWith('@') || words[0].Length < 2)
        {
            return null;
        }
        words[0] = words[0][1..];
        return new RecordLine(words);
    }

    public override string ToString() => "@" + string.Join(' ', _words);
}
