using System.Collections.Generic;
using System.Runtime.InteropServices;
using Skerry.Base.Configuration;

namespace Skerry.Qemu.Configuration;

/// <summary>Lays tables one after the other, each on a multiple of 8, behind room for a header.</summary>
internal sealed class ImageBuilder(int headerLength)
{
    private const int Alignment = 8;

    private readonly List<byte> _bytes = [.. new byte[headerLength]];

    public int Length => _bytes.Count;

    // Safety: the records are little-endian only because the host is; Skerry builds on x86-64 and arm64, which are.
    public TableReference Table<T>(List<T> records)
        where T : unmanaged
    {
        while (_bytes.Count % Alignment != 0)
        {
            _bytes.Add(0);
        }
        var table = new TableReference { Offset = (uint)_bytes.Count, Count = (uint)records.Count };
        _bytes.AddRange(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(records)));
        return table;
    }

    public byte[] ToArray() => [.. _bytes];
}
