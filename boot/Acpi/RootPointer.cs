using System;

namespace Skerry.Boot.Acpi;

/// <summary>
/// The root system description pointer (ACPI 6.5, 5.2.5.3): signature 0, checksum 8, revision 15, RSDT address 16,
/// length 20, XSDT address 24, extended checksum 32.
/// </summary>
public readonly struct RootPointer
{
    public const int FirstLength = 20;
    public const int ExtendedLength = 36;

    public ulong Rsdt { get; private init; }

    /// <summary>0: there is none.</summary>
    public ulong Xsdt { get; private init; }

    /// <summary>A pointer whose extension is broken is still good for its RSDT.</summary>
    public static TableStatus Read(ReadOnlySpan<byte> bytes, out RootPointer pointer)
    {
        pointer = default;
        if (bytes.IsEmpty)
        {
            return TableStatus.Missing;
        }
        if (bytes.Length < FirstLength)
        {
            return TableStatus.TooShort;
        }
        if (!bytes.Slice(0, 8).SequenceEqual("RSD PTR "u8))
        {
            return TableStatus.BadSignature;
        }
        if (TableHeader.Sum(bytes.Slice(0, FirstLength)) != 0)
        {
            return TableStatus.BadChecksum;
        }
        ulong rsdt = LittleEndian.UInt32(bytes, 16);
        pointer = new RootPointer { Rsdt = rsdt };
        byte revision = bytes[15];
        if (revision < 2)
        {
            return TableStatus.Valid;
        }
        if (bytes.Length < ExtendedLength || LittleEndian.UInt32(bytes, 20) < ExtendedLength)
        {
            return TableStatus.BadLength;
        }
        if (TableHeader.Sum(bytes.Slice(0, ExtendedLength)) != 0)
        {
            return TableStatus.BadChecksum;
        }
        pointer = new RootPointer { Rsdt = rsdt, Xsdt = LittleEndian.UInt64(bytes, 24) };
        return TableStatus.Valid;
    }
}
