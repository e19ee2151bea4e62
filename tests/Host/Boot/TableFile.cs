using System;
using System.Buffers.Binary;
using System.IO;

namespace Skerry.Tests.Host.Boot;

/// <summary>The tables saved from QEMU machines (Tables/ORIGIN.md), and ways to break them.</summary>
internal static class TableFile
{
    private const int LengthOffset = 4;
    private const int ChecksumOffset = 9;

    public static byte[] Read(string machine, string signature) =>
        File.ReadAllBytes(
            Path.Combine(AppContext.BaseDirectory, "Host", "Boot", "Tables", $"{machine}-{signature}.bin")
        );

    /// <summary>Makes the checksum right again after a change.</summary>
    public static byte[] Sealed(byte[] table)
    {
        table[ChecksumOffset] = 0;
        byte sum = 0;
        foreach (byte value in table)
        {
            sum += value;
        }
        table[ChecksumOffset] = (byte)-sum;
        return table;
    }

    /// <summary>A table of our own: header, then the body.</summary>
    public static byte[] Make(string signature, params byte[][] body)
    {
        using var stream = new MemoryStream();
        stream.Write(new byte[36]);
        foreach (byte[] part in body)
        {
            stream.Write(part);
        }
        byte[] table = stream.ToArray();
        System.Text.Encoding.ASCII.GetBytes(signature).CopyTo(table, 0);
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(LengthOffset), table.Length);
        return Sealed(table);
    }

    /// <summary>The first bytes of a table, with a header that says so.</summary>
    public static byte[] Shortened(byte[] table, int length)
    {
        byte[] shorter = table[..length];
        BinaryPrimitives.WriteInt32LittleEndian(shorter.AsSpan(LengthOffset), length);
        return Sealed(shorter);
    }
}
