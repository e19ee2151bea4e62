using System;

namespace Skerry.Boot.Acpi;

/// <summary>The RSDT's or XSDT's list of tables (ACPI 6.5, 5.2.7, 5.2.8): physical addresses of 4 or 8 bytes.</summary>
public readonly ref struct RootTable
{
    private readonly ReadOnlySpan<byte> _addresses;
    private readonly int _entryBytes;

    private RootTable(ReadOnlySpan<byte> addresses, int entryBytes)
    {
        _addresses = addresses;
        _entryBytes = entryBytes;
    }

    public int Count => _entryBytes == 0 ? 0 : _addresses.Length / _entryBytes;

    public ulong this[int index] =>
        _entryBytes == 8 ? LittleEndian.UInt64(_addresses, index * 8) : LittleEndian.UInt32(_addresses, index * 4);

    /// <summary>Of an entry, in bytes from the table's start.</summary>
    public int OffsetOf(int index) => TableHeader.Length + index * _entryBytes;

    public static TableStatus ReadXsdt(ReadOnlySpan<byte> table, out RootTable root) =>
        Read(table, "XSDT"u8, 8, out root);

    public static TableStatus ReadRsdt(ReadOnlySpan<byte> table, out RootTable root) =>
        Read(table, "RSDT"u8, 4, out root);

    private static TableStatus Read(
        ReadOnlySpan<byte> table,
        ReadOnlySpan<byte> signature,
        int entryBytes,
        out RootTable root
    )
    {
        root = default;
        TableStatus status = TableHeader.Check(table, signature);
        if (status == TableStatus.Valid)
        {
            root = new RootTable(TableHeader.Body(table, 0), entryBytes);
        }
        return status;
    }
}
