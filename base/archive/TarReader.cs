using System;

namespace Skerry.Base.Archive;

/// <summary>
/// Reads the boot archive, a tar in the ustar format (POSIX.1-2017, pax): a header of 512 bytes (name 0, size 124,
/// checksum 148, type 156, magic 257, prefix 345; numbers in octal), then the content in whole blocks; at the end two
/// blocks of zeros. Bootstrap checks the whole archive once; who reads it later finds files in it.
/// </summary>
public static class TarReader
{
    public const int Block = 512;

    /// <summary>Of the field of the name.</summary>
    public const int NameBytes = 100;

    private const int SizeOffset = 124;
    private const int SizeBytes = 12;
    private const int ChecksumOffset = 148;
    private const int ChecksumBytes = 8;
    private const int TypeOffset = 156;
    private const int MagicOffset = 257;
    private const int PrefixOffset = 345;

    /// <summary>Walks from the first header to the two blocks of zeros, and tells the first thing that is wrong.</summary>
    public static TarCheck Check(ReadOnlySpan<byte> archive)
    {
        var check = new TarCheck { Status = TarStatus.TooShort };
        if (archive.Length < Block)
        {
            return check;
        }
        ReadOnlySpan<byte> name = default;
        int offset = 0;
        do
        {
            TarStatus status = CheckEntry(archive.Slice(offset), out int bytes);
            bool isNamed = status is TarStatus.Ok or TarStatus.BadChecksum or TarStatus.BadSize or TarStatus.Cut;
            name = isNamed ? NameOf(archive.Slice(offset, Block)) : name;
            check = new TarCheck
            {
                Status = status,
                Offset = offset,
                Name = name,
            };
            offset += bytes;
        } while (check.Status == TarStatus.Ok);
        bool isEmpty = check.Offset == 0 && check.Status is TarStatus.End or TarStatus.NoEnd;
        check.Status =
            isEmpty ? TarStatus.NoEntry
            : check.Status == TarStatus.End ? TarStatus.Ok
            : check.Status;
        return check;
    }

    /// <summary>Finds a regular file. A damaged archive has what lies before the damage, at most.</summary>
    /// <returns>False: there is none of this name.</returns>
    public static bool TryFind(ReadOnlySpan<byte> archive, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
    {
        int offset = 0;
        while (TryTakeFile(archive, ref offset, out TarFile file))
        {
            if (file.Name.SequenceEqual(name))
            {
                content = file.Content;
                return true;
            }
        }
        content = default;
        return false;
    }

    /// <summary>The next regular file whose name is one piece.</summary>
    /// <param name="archive">All of it.</param>
    /// <param name="offset">Of a header; then of the one behind the file.</param>
    /// <param name="file">The file.</param>
    /// <returns>False: there is none before the end, or the damage.</returns>
    public static bool TryTakeFile(ReadOnlySpan<byte> archive, scoped ref int offset, out TarFile file)
    {
        file = default;
        ReadOnlySpan<byte> rest = archive.Slice(offset);
        while (rest.Length >= Block && rest[0] != 0 && TryReadSize(rest, out int size))
        {
            bool isFile = rest[TypeOffset] is (byte)'0' or 0 && rest[PrefixOffset] == 0;
            file.Offset = archive.Length - rest.Length;
            file.Name = NameOf(rest);
            file.Content = rest.Slice(Block, size);
            long whole = BytesOfEntry(size);
            rest = whole >= rest.Length ? default : rest.Slice((int)whole);
            if (isFile)
            {
                offset = archive.Length - rest.Length;
                return true;
            }
        }
        return false;
    }

    /// <param name="rest">The archive from a header on.</param>
    /// <param name="bytes">Of the whole entry, if it is right.</param>
    private static TarStatus CheckEntry(ReadOnlySpan<byte> rest, out int bytes)
    {
        bytes = 0;
        if (rest.Length < Block)
        {
            return TarStatus.NoEnd;
        }
        ReadOnlySpan<byte> header = rest.Slice(0, Block);
        if (IsZero(header))
        {
            bool isEnd = rest.Length >= 2 * Block && IsZero(rest.Slice(Block, Block));
            return isEnd ? TarStatus.End : TarStatus.NoEnd;
        }
        if (!header.Slice(MagicOffset, 5).SequenceEqual("ustar"u8))
        {
            return TarStatus.NoHeader;
        }
        if (!ReadOctal(header.Slice(ChecksumOffset, ChecksumBytes), out ulong stated) || stated != Sum(header))
        {
            return TarStatus.BadChecksum;
        }
        if (header[0] == 0)
        {
            return TarStatus.NoName;
        }
        if (!ReadOctal(header.Slice(SizeOffset, SizeBytes), out _))
        {
            return TarStatus.BadSize;
        }
        if (!TryReadSize(rest, out int size) || BytesOfEntry(size) > rest.Length)
        {
            return TarStatus.Cut;
        }
        bytes = (int)BytesOfEntry(size);
        return TarStatus.Ok;
    }

    /// <summary>Of the content behind a header.</summary>
    /// <returns>False: it is no number, or more than there is.</returns>
    private static bool TryReadSize(ReadOnlySpan<byte> rest, out int size)
    {
        bool isNumber = ReadOctal(rest.Slice(SizeOffset, SizeBytes), out ulong stated);
        bool fits = isNumber && stated <= (ulong)(rest.Length - Block);
        size = fits ? (int)stated : 0;
        return fits;
    }

    /// <summary>Header and content in whole blocks.</summary>
    private static long BytesOfEntry(int size) => Block + ((long)size + Block - 1) / Block * Block;

    private static ulong Sum(ReadOnlySpan<byte> header)
    {
        ulong sum = 0;
        for (int i = 0; i < Block; i++)
        {
            sum += i >= ChecksumOffset && i < ChecksumOffset + ChecksumBytes ? (byte)' ' : header[i];
        }
        return sum;
    }

    private static bool IsZero(ReadOnlySpan<byte> block)
    {
        int i = 0;
        while (i < block.Length && block[i] == 0)
        {
            i++;
        }
        return i == block.Length;
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
