using System.Collections.Generic;

namespace Skerry.Qemu.Source;

/// <summary>A JSON value that remembers its position, so that an error in its meaning can name it.</summary>
public sealed class SourceValue
{
    public required SourceKind Kind { get; init; }

    /// <summary>Of the value's first character.</summary>
    public required SourcePosition Position { get; init; }

    /// <summary>The text of a string, or the digits of a number as written.</summary>
    public string Text { get; init; } = "";

    public bool Boolean { get; init; }

    public List<SourceValue> Items { get; } = [];

    public List<SourceMember> Members { get; } = [];

    /// <summary>The kind in words, for error messages.</summary>
    public string Description =>
        Kind switch
        {
            SourceKind.Null => "null",
            SourceKind.Boolean => Boolean ? "true" : "false",
            SourceKind.Number => $"the number {Text}",
            SourceKind.Text => $"the text \"{Text}\"",
            SourceKind.List => "a list",
            _ => "an object",
        };
}
