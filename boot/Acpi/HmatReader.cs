using System;

namespace Skerry.Boot.Acpi;

/// <summary>
/// The heterogeneous memory attribute table (ACPI 6.5, 5.2.28): structures from offset 40 on, each with type (2 bytes),
/// 2 reserved, length (4 bytes). Skerry reads the latency matrix (type 1, data type 0 or 1) and takes distances from it
/// where there is no SLIT.
/// </summary>
public readonly ref struct HmatReader
{
    private const int FixedBytes = 4;
    private const ushort LatencyAndBandwidth = 1;
    private const byte AccessLatency = 0;
    private const byte ReadLatency = 1;
    private const int ListsOffset = 32;
    private const ushort Unreachable = 0xffff;

    /// <summary>Bits of the flags that name a cache in front of the memory; 0 is the memory itself.</summary>
    private const byte HierarchyMask = 0xf;

    private readonly ReadOnlySpan<byte> _latencies;

    private HmatReader(ReadOnlySpan<byte> latencies) => _latencies = latencies;

    /// <summary>False: a table without latencies.</summary>
    public bool HasLatencies => !_latencies.IsEmpty;

    public int InitiatorCount => (int)LittleEndian.UInt32(_latencies, 12);

    public int TargetCount => (int)LittleEndian.UInt32(_latencies, 16);

    public static TableStatus Read(ReadOnlySpan<byte> table, out HmatReader attributes)
    {
        attributes = default;
        TableStatus status = TableHeader.Check(table, "HMAT"u8);
        if (status != TableStatus.Valid)
        {
            return status;
        }
        ReadOnlySpan<byte> body = TableHeader.Body(table, FixedBytes);
        while (!body.IsEmpty)
        {
            if (body.Length < 8)
            {
                return TableStatus.BadLength;
            }
            uint length = LittleEndian.UInt32(body, 4);
            if (length < 8 || length > body.Length)
            {
                return TableStatus.BadLength;
            }
            ReadOnlySpan<byte> structure = body.Slice(0, (int)length);
            if (LittleEndian.UInt16(structure, 0) == LatencyAndBandwidth && !attributes.HasLatencies)
            {
                if (!IsWhole(structure))
                {
                    return TableStatus.BadLength;
                }
                if ((structure[8] & HierarchyMask) == 0 && (structure[9] is AccessLatency or ReadLatency))
                {
                    attributes = new HmatReader(structure);
                }
            }
            body = body.Slice((int)length);
        }
        return TableStatus.Valid;
    }

    /// <summary>Latency in units of the table's own between two domains; 0 if it names none.</summary>
    public ushort Latency(uint initiatorDomain, uint targetDomain)
    {
        if (!HasLatencies)
        {
            return 0;
        }
        int initiators = InitiatorCount;
        int targets = TargetCount;
        int row = IndexOf(initiatorDomain, ListsOffset, initiators);
        int column = IndexOf(targetDomain, ListsOffset + 4 * initiators, targets);
        if (row < 0 || column < 0)
        {
            return 0;
        }
        ushort entry = LittleEndian.UInt16(
            _latencies,
            ListsOffset + 4 * (initiators + targets) + 2 * (row * targets + column)
        );
        return entry == Unreachable ? (ushort)0 : entry;
    }

    /// <summary>Domain lists and matrix lie within the structure.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> structure)
    {
        if (structure.Length < ListsOffset)
        {
            return false;
        }
        ulong initiators = LittleEndian.UInt32(structure, 12);
        ulong targets = LittleEndian.UInt32(structure, 16);
        return initiators <= 0xffff
            && targets <= 0xffff
            && ListsOffset + 4 * (initiators + targets) + 2 * initiators * targets <= (ulong)structure.Length;
    }

    private int IndexOf(uint domain, int offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (LittleEndian.UInt32(_latencies, offset + 4 * i) == domain)
            {
                return i;
            }
        }
        return -1;
    }
}
