using System;

namespace Skerry.Boot.Acpi;

/// <summary>
/// The header of every system description table (ACPI 6.5, 5.2.6): signature 0, length 4, revision 8, checksum 9.
/// </summary>
public static class TableHeader
{
    public const int Length = 36;
    private const int LengthOffset = 4;
    private const int RevisionOffset = 8;

    /// <summary>Checks the header against the bytes there are. All readers of tables start here.</summary>
    public static TableStatus Check(ReadOnlySpan<byte> table, ReadOnlySpan<byte> signature)
    {
        if (table.IsEmpty)
        {
            return TableStatus.Missing;
        }
        if (table.Length < Length)
        {
            return TableStatus.TooShort;
        }
        if (!table.Slice(0, 4).SequenceEqual(signature))
        {
            return TableStatus.BadSignature;
        }
        uint length = LittleEndian.UInt32(table, LengthOffset);
        if (length < Length || length > table.Length)
        {
            return TableStatus.BadLength;
        }
        return Sum(table.Slice(0, (int)length)) == 0 ? TableStatus.Valid : TableStatus.BadChecksum;
    }

    /// <summary>Of a valid table.</summary>
    public static byte Revision(ReadOnlySpan<byte> table) => table[RevisionOffset];

    /// <summary>What lies behind the header and <paramref name="fixedBytes"/> more, up to the length it states; the table is valid.</summary>
    public static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> table, int fixedBytes)
    {
        int length = (int)LittleEndian.UInt32(table, LengthOffset);
        int start = Length + fixedBytes;
        return start > length ? default : table.Slice(start, length - start);
    }

    public static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            sum += bytes[i];
        }
        return sum;
    }
}
