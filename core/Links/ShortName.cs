using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skerry.Core.Links;

/// <summary>A name that travels in a message: UTF-8, cut off at <see cref="MaximumBytes"/>.</summary>
public unsafe struct ShortName
{
    public const int MaximumBytes = 60;

    private uint _bytes;
    private NameText _text;

    public static ShortName Of(ReadOnlySpan<byte> text)
    {
        var name = new ShortName { _bytes = (uint)(text.Length < MaximumBytes ? text.Length : MaximumBytes) };
        text.Slice(0, (int)name._bytes).CopyTo(MemoryMarshal.CreateSpan(ref name._text[0], MaximumBytes));
        return name;
    }

    // Safety: valid as long as the structure stays where it is.
    public static ReadOnlySpan<byte> TextOf(in ShortName name) =>
        MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.AsRef(in name._text[0]),
            (int)(name._bytes < MaximumBytes ? name._bytes : MaximumBytes)
        );

    [InlineArray(MaximumBytes)]
    private struct NameText
    {
        private byte _byte;
    }
}
