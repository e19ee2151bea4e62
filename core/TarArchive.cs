using System;

namespace Skerry.Core;

/// <summary>Reads the boot archive: ustar (IEEE Std 1003.1, pax), regular files with short names.</summary>
public readonly ref struct TarArchive(ReadOnlySpan<byte> bytes)
{
    private const int BlockBytes = 512;
    private const int NameBytes = 100;
    private const int SizeOffset = 124;
    private const int SizeDigits = 11;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>A file's content; false if the archive has no file of this name.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
    {
        content = default;
        int offset = 0;
        while (offset + BlockBytes <= _bytes.Length && _bytes[offset] != 0)
        {
            ReadOnlySpan<byte> header = _bytes.Slice(offset, BlockBytes);
            ulong size = Octal(header.Slice(SizeOffset, SizeDigits));
            ulong rest = (ulong)(_bytes.Length - offset - BlockBytes);
            if (size > rest)
            {
                return false;
            }
            ReadOnlySpan<byte> field = header.Slice(0, NameBytes);
            int length = field.IndexOf((byte)0);
            if (field.Slice(0, length < 0 ? NameBytes : length).SequenceEqual(name))
            {
                content = _bytes.Slice(offset + BlockBytes, (int)size);
                return true;
            }
            offset += BlockBytes + (((int)size + BlockBytes - 1) & ~(BlockBytes - 1));
        }
        return false;
    }

    private static ulong Octal(ReadOnlySpan<byte> digits)
    {
        ulong value = 0;
        for (int i = 0; i < digits.Length && digits[i] is >= (byte)'0' and <= (byte)'7'; i++)
        {
            value = value * 8 + (uint)(digits[i] - '0');
        }
        return value;
    }
}
