using System;

namespace Skerry.Boot.Loading;

/// <summary>
/// Finds a file in the boot archive, a tar in the ustar format (POSIX.1-2017, pax): a header of 512 bytes (name 0, size
/// 124, checksum 148, type 156, magic 257, prefix 345; numbers in octal), then the content in whole blocks.
/// </summary>
public static class TarReader
{
    private const int Block = 512;
    private const int NameBytes = 100;
    private const int SizeOffset = 124;
    private const int ChecksumOffset = 148;
    private const int TypeOffset = 156;
    private const int MagicOffset = 257;
    private const int PrefixOffset = 345;

    public static TarStatus Find(ReadOnlySpan<byte> archive, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
    {
        content = default;
        while (archive.Length >= Block && archive[0] != 0)
        {
            ReadOnlySpan<byte> header = archive.Slice(0, Block);
            if (!IsHeader(header) || !ReadOctal(header.Slice(SizeOffset, 12), out ulong size))
            {
                return TarStatus.Malformed;
            }
            ulong blocks = (size + Block - 1) / Block;
            if (size > int.MaxValue || size > (ulong)(archive.Length - Block))
            {
                return TarStatus.Malformed;
            }
            bool isFile = header[TypeOffset] is (byte)'0' or 0;
            if (isFile && header[PrefixOffset] == 0 && NameOf(header).SequenceEqual(name))
            {
                content = archive.Slice(Block, (int)size);
                return TarStatus.Found;
            }
            ulong whole = Block + blocks * Block;
            archive = whole >= (ulong)archive.Length ? default : archive.Slice((int)whole);
        }
        return TarStatus.Missing;
    }

    private static bool IsHeader(ReadOnlySpan<byte> header)
    {
        if (
            !header.Slice(MagicOffset, 5).SequenceEqual("ustar"u8)
            || !ReadOctal(header.Slice(ChecksumOffset, 8), out ulong stated)
        )
        {
            return false;
        }
        ulong sum = 0;
        for (int i = 0; i < Block; i++)
        {
            sum += i >= ChecksumOffset && i < ChecksumOffset + 8 ? (byte)' ' : header[i];
        }
        return sum == stated;
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> header)
    {
        ReadOnlySpan<byte> name = header.Slice(0, NameBytes);
        int end = name.IndexOf((byte)0);
        name = end < 0 ? name : name.Slice(0, end);
        return name.StartsWith("./"u8) ? name.Slice(2) : name;
    }

    /// <summary>Digits, ended by a space, a NUL or the field's end.</summary>
    private static bool ReadOctal(ReadOnlySpan<byte> field, out ulong value)
    {
        value = 0;
        int i = 0;
        while (i < field.Length && field[i] == (byte)' ')
        {
            i++;
        }
        int digits = 0;
        for (; i < field.Length && field[i] is >= (byte)'0' and <= (byte)'7'; i++, digits++)
        {
            value = value << 3 | (uint)(field[i] - '0');
        }
        return digits > 0 && (i == field.Length || field[i] is 0 or (byte)' ');
    }
}

/// <summary>What came of the search.</summary>
public enum TarStatus : byte
{
    Found,
    Missing,
    Malformed,
}
