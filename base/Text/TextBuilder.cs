using System;
using System.Diagnostics.CodeAnalysis;

namespace Skerry.Base.Text;

/// <summary>
/// Builds UTF-8 text in memory that the caller gives, without allocation. What does not fit is cut off, between two
/// characters, with all that comes behind it; that is remembered.
/// </summary>
public ref struct TextBuilder(Span<byte> buffer)
{
    private const int MaximumDigits = 20;
    private const int Base10 = 10;
    private const int BitsPerHexDigit = 4;
    private readonly Span<byte> _buffer = buffer;
    private int _length;

    /// <summary>What was built so far.</summary>
    public readonly ReadOnlySpan<byte> Text => _buffer.Slice(0, _length);

    /// <summary>Something did not fit.</summary>
    public bool IsTruncated { get; private set; }

    public void Clear()
    {
        _length = 0;
        IsTruncated = false;
    }

    [UnscopedRef]
    public ref TextBuilder Append(scoped ReadOnlySpan<byte> text)
    {
        if (!IsTruncated)
        {
            int copied = Characters.Copy(text, _buffer.Slice(_length));
            IsTruncated = copied < text.Length;
            _length += copied;
        }
        return ref this;
    }

    /// <summary>Somebody else's words, as <see cref="Printable"/> leaves them.</summary>
    [UnscopedRef]
    public ref TextBuilder AppendPrintable(scoped ReadOnlySpan<byte> words)
    {
        int start = _length;
        Append(words);
        Printable.Make(_buffer.Slice(start, _length - start));
        return ref this;
    }

    /// <summary>One byte, or the same byte many times.</summary>
    [UnscopedRef]
    public ref TextBuilder Append(byte value, int count = 1)
    {
        for (int i = 0; i < count; i++)
        {
            if (IsTruncated || _length == _buffer.Length)
            {
                IsTruncated = true;
                break;
            }
            _buffer[_length++] = value;
        }
        return ref this;
    }

    /// <summary>In decimal, right-aligned with spaces to at least the width.</summary>
    [UnscopedRef]
    public ref TextBuilder AppendDecimal(ulong value, int width = 0)
    {
        Span<byte> digits = stackalloc byte[MaximumDigits];
        int first = MaximumDigits;
        do
        {
            digits[--first] = (byte)('0' + value % Base10);
            value /= Base10;
        } while (value != 0);
        int count = MaximumDigits - first;
        Append((byte)' ', width - count);
        return ref Append(digits.Slice(first));
    }

    /// <summary>0x and at least so many lower-case digits.</summary>
    [UnscopedRef]
    public ref TextBuilder AppendHex(ulong value, int digits = 1)
    {
        Append("0x"u8);
        int count = 1;
        while (count < sizeof(ulong) * 2 && (count < digits || value >> (count * BitsPerHexDigit) != 0))
        {
            count++;
        }
        for (int i = count - 1; i >= 0; i--)
        {
            Append("0123456789abcdef"u8[(int)(value >> (i * BitsPerHexDigit)) & 0xf]);
        }
        return ref this;
    }

    /// <summary>A number of bytes in the largest binary unit that divides it: 65536 becomes "64 KiB".</summary>
    [UnscopedRef]
    public ref TextBuilder AppendSize(ulong bytes)
    {
        const int stepBits = 10;
        const int largestUnit = 4;
        int unit = 0;
        while (unit < largestUnit && bytes != 0 && bytes % (1 << stepBits) == 0)
        {
            bytes >>= stepBits;
            unit++;
        }
        AppendDecimal(bytes);
        return ref Append(
            unit switch
            {
                0 => " B"u8,
                1 => " KiB"u8,
                2 => " MiB"u8,
                3 => " GiB"u8,
                _ => " TiB"u8,
            }
        );
    }

    [UnscopedRef]
    public ref TextBuilder AppendLine() => ref Append((byte)'\n');
}
