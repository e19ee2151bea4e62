using System;

namespace Skerry.Boot.Acpi;

/// <summary>
/// The system locality distance table (ACPI 6.5, 5.2.17): the number of localities at 36 (8 bytes), then a byte for each
/// pair, row by row. 10 is local, 255 unreachable.
/// </summary>
public readonly ref struct SlitReader
{
    public const byte Local = 10;
    public const byte Remote = 20;
    public const byte Unreachable = 255;

    private readonly ReadOnlySpan<byte> _matrix;

    private SlitReader(ReadOnlySpan<byte> matrix, uint size)
    {
        _matrix = matrix;
        Size = size;
    }

    /// <summary>Domains from 0 to Size - 1 are covered.</summary>
    public uint Size { get; }

    /// <summary>Bytes behind the pairs.</summary>
    public uint FurtherBytes => (uint)_matrix.Length - Size * Size;

    public byte this[uint from, uint to] => _matrix[(int)(from * Size + to)];

    public static TableStatus Read(ReadOnlySpan<byte> table, out SlitReader distances)
    {
        const int fixedBytes = 8;
        distances = default;
        TableStatus status = TableHeader.Check(table, "SLIT"u8);
        if (status != TableStatus.Valid)
        {
            return status;
        }
        if (LittleEndian.UInt32(table, 4) < TableHeader.Length + fixedBytes)
        {
            return TableStatus.TooShort;
        }
        ulong size = LittleEndian.UInt64(table, TableHeader.Length);
        ReadOnlySpan<byte> matrix = TableHeader.Body(table, fixedBytes);
        if (size == 0)
        {
            return TableStatus.NamesNoNode;
        }
        if (size > 0xffff || size * size > (ulong)matrix.Length)
        {
            return TableStatus.BadLength;
        }
        distances = new SlitReader(matrix, (uint)size);
        return TableStatus.Valid;
    }
}
