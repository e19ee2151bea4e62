using System;

namespace Skerry.Boot.Acpi;

/// <summary>
/// The heterogeneous memory attribute table (ACPI 6.5, 5.2.28): structures from offset 40 on, each with type (2 bytes),
/// 2 reserved, length (4 bytes). Skerry reads the latency matrices (type 1, data type 0 or 1) and takes distances from
/// them where there is no SLIT. A table may have several, each for other pairs; the first one that names a pair counts.
/// </summary>
public readonly ref struct HmatReader
{
    /// <summary>The target cannot be reached from the initiator.</summary>
    public const ulong Unreachable = ulong.MaxValue;

    private const int FixedBytes = 4;
    private const ushort LatencyAndBandwidth = 1;
    private const byte AccessLatency = 0;
    private const byte ReadLatency = 1;
    private const int InitiatorsOffset = 12;
    private const int TargetsOffset = 16;
    private const int BaseUnitOffset = 24;
    private const int ListsOffset = 32;
    private const ushort UnreachableEntry = 0xffff;

    /// <summary>Bits of the flags that name a cache in front of the memory; 0 is the memory itself.</summary>
    private const byte HierarchyMask = 0xf;

    /// <summary>A unit that an entry can be multiplied with, and the product with 10.</summary>
    private const ulong LargestUnit = ulong.MaxValue >> 24;

    /// <summary>All structures, checked.</summary>
    private readonly ReadOnlySpan<byte> _structures;

    private HmatReader(ReadOnlySpan<byte> structures, bool hasLatencies)
    {
        _structures = structures;
        HasLatencies = hasLatencies;
    }

    /// <summary>False: a table without latencies.</summary>
    public bool HasLatencies { get; }

    public static TableStatus Read(ReadOnlySpan<byte> table, out HmatReader attributes)
    {
        attributes = default;
        TableStatus status = TableHeader.Check(table, "HMAT"u8);
        if (status != TableStatus.Valid)
        {
            return status;
        }
        ReadOnlySpan<byte> structures = TableHeader.Body(table, FixedBytes);
        bool hasLatencies = false;
        for (ReadOnlySpan<byte> rest = structures; !rest.IsEmpty; )
        {
            if (rest.Length < 8)
            {
                return TableStatus.BadLength;
            }
            uint length = LittleEndian.UInt32(rest, 4);
            if (length < 8 || length > rest.Length)
            {
                return TableStatus.BadLength;
            }
            ReadOnlySpan<byte> structure = rest.Slice(0, (int)length);
            if (LittleEndian.UInt16(structure, 0) == LatencyAndBandwidth)
            {
                if (!IsWhole(structure))
                {
                    return TableStatus.BadLength;
                }
                hasLatencies |= IsLatency(structure);
            }
            rest = rest.Slice((int)length);
        }
        attributes = new HmatReader(structures, hasLatencies);
        return TableStatus.Valid;
    }

    /// <summary>Latency between two domains.</summary>
    /// <returns>In a unit that all pairs have; 0 if the table does not name the pair.</returns>
    public ulong Latency(uint initiatorDomain, uint targetDomain)
    {
        ulong latency = 0;
        for (ReadOnlySpan<byte> rest = _structures; latency == 0 && !rest.IsEmpty; )
        {
            ReadOnlySpan<byte> structure = rest.Slice(0, (int)LittleEndian.UInt32(rest, 4));
            if (IsLatency(structure))
            {
                latency = Latency(structure, initiatorDomain, targetDomain);
            }
            rest = rest.Slice(structure.Length);
        }
        return latency;
    }

    private static ulong Latency(ReadOnlySpan<byte> structure, uint initiatorDomain, uint targetDomain)
    {
        int initiators = (int)LittleEndian.UInt32(structure, InitiatorsOffset);
        int targets = (int)LittleEndian.UInt32(structure, TargetsOffset);
        int row = IndexOf(structure, initiatorDomain, ListsOffset, initiators);
        int column = IndexOf(structure, targetDomain, ListsOffset + 4 * initiators, targets);
        if (row < 0 || column < 0)
        {
            return 0;
        }
        int matrix = ListsOffset + 4 * (initiators + targets);
        ushort entry = LittleEndian.UInt16(structure, matrix + 2 * (row * targets + column));
        ulong unit = LittleEndian.UInt64(structure, BaseUnitOffset);
        // A table without a unit has one for all.
        unit =
            unit == 0 ? 1
            : unit > LargestUnit ? LargestUnit
            : unit;
        return entry == UnreachableEntry ? Unreachable : entry * unit;
    }

    private static bool IsLatency(ReadOnlySpan<byte> structure) =>
        LittleEndian.UInt16(structure, 0) == LatencyAndBandwidth
        && (structure[8] & HierarchyMask) == 0
        && structure[9] is AccessLatency or ReadLatency;

    /// <summary>Domain lists and matrix lie within the structure.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> structure)
    {
        if (structure.Length < ListsOffset)
        {
            return false;
        }
        ulong initiators = LittleEndian.UInt32(structure, InitiatorsOffset);
        ulong targets = LittleEndian.UInt32(structure, TargetsOffset);
        return initiators <= 0xffff
            && targets <= 0xffff
            && ListsOffset + 4 * (initiators + targets) + 2 * initiators * targets <= (ulong)structure.Length;
    }

    private static int IndexOf(ReadOnlySpan<byte> structure, uint domain, int offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (LittleEndian.UInt32(structure, offset + 4 * i) == domain)
            {
                return i;
            }
        }
        return -1;
    }
}
