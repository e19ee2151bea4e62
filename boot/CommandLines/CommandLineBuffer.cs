using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Skerry.Boot.CommandLines;

/// <summary>A copy of the command line; what is longer is cut.</summary>
public struct CommandLineBuffer
{
    public const int Capacity = 2048;

    private Bytes _bytes;
    private int _length;

    [UnscopedRef]
    public ReadOnlySpan<byte> Text => ((Span<byte>)_bytes).Slice(0, _length);

    public void Set(ReadOnlySpan<byte> text)
    {
        _length = text.Length < Capacity ? text.Length : Capacity;
        text.Slice(0, _length).CopyTo(_bytes);
    }

    [InlineArray(Capacity)]
    private struct Bytes
    {
        private byte _byte;
    }
}
