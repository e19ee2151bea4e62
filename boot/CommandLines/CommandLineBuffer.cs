using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Skerry.Abi.Boot;

namespace Skerry.Boot.CommandLines;

/// <summary>A copy of the command line, in which words are separated by spaces alone.</summary>
public struct CommandLineBuffer
{
    public const int Capacity = MachineHeader.MaximumCommandLine;

    // Tab, line feed, vertical tab, form feed, carriage return.
    private const byte FirstBlank = 9;
    private const byte LastBlank = 13;

    private Bytes _bytes;
    private int _length;

    [UnscopedRef]
    public ReadOnlySpan<byte> Text => ((Span<byte>)_bytes).Slice(0, _length);

    /// <summary>Tabs, and whatever else is blank, become spaces: all who read the copy know only those.</summary>
    /// <returns>False: it is too long, and the copy is empty.</returns>
    public bool Set(ReadOnlySpan<byte> text)
    {
        _length = 0;
        if (text.Length > Capacity)
        {
            return false;
        }
        Span<byte> bytes = _bytes;
        for (int i = 0; i < text.Length; i++)
        {
            bytes[i] = text[i] is >= FirstBlank and <= LastBlank ? (byte)' ' : text[i];
        }
        _length = text.Length;
        return true;
    }

    [InlineArray(Capacity)]
    private struct Bytes
    {
        private byte _byte;
    }
}
