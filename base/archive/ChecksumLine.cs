using System;

namespace Skerry.Base.Archive;

/// <summary>A line of the list of checksums: eight digits, lower case and hexadecimal, a space, and the file's name.</summary>
public ref struct ChecksumLine
{
    private const int Digits = 8;

    /// <summary>CRC-32 of the file's contents.</summary>
    public uint Checksum;

    public ReadOnlySpan<byte> Name;

    /// <summary>Takes the first line off a list that is not empty.</summary>
    /// <returns>False: it is no such line, or nothing ends it.</returns>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> list, out ChecksumLine line)
    {
        line = default;
        int end = list.IndexOf((byte)'\n');
        if (end < Digits + 2 || list[Digits] != (byte)' ')
        {
            return false;
        }
        for (int i = 0; i < Digits; i++)
        {
            int digit = DigitOf(list[i]);
            if (digit < 0)
            {
                return false;
            }
            line.Checksum = line.Checksum << 4 | (uint)digit;
        }
        line.Name = list.Slice(Digits + 1, end - Digits - 1);
        list = list.Slice(end + 1);
        return true;
    }

    /// <returns>Negative: it is none.</returns>
    private static int DigitOf(byte character) =>
        character switch
        {
            >= (byte)'0' and <= (byte)'9' => character - '0',
            >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
            _ => -1,
        };
}
