using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>What a LOG session has been given of a line that has not ended yet, as it came.</summary>
internal struct LogLine
{
    private TextBytes _bytes;

    public int Length { get; private set; }

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Text => ((ReadOnlySpan<byte>)_bytes).Slice(0, Length);

    /// <summary>More of it, for which there is room.</summary>
    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(((Span<byte>)_bytes).Slice(Length));
        Length += text.Length;
    }

    /// <summary>Forgets what came behind the first so many bytes.</summary>
    public void CutTo(int length) => Length = length;

    /// <summary>Forgets the first so many bytes.</summary>
    public void DropFirst(int length)
    {
        Span<byte> bytes = _bytes;
        Length -= length;
        for (int i = 0; i < Length; i++)
        {
            bytes[i] = bytes[length + i];
        }
    }

    [InlineArray(ILogSession.MaximumText)]
    private struct TextBytes
    {
        private byte _byte;
    }
}
