using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Skerry.Abi.Boot;
using Skerry.Boot.Acpi;
using Skerry.Boot.Topology;

namespace Skerry.Boot.Memory;

/// <summary>Pieces of memory with their node and cluster, ascending by address within each node.</summary>
public struct OwnedMemory
{
    /// <summary>Pieces that the division may make more: MemoryDivision cuts each cluster's share, and as many besides.</summary>
    public const int MaximumCuts = MachineTopology.MaximumCpus + MaximumShares;

    /// <summary>Shares that nodes without CPUs are cut into, all together.</summary>
    public const int MaximumShares = 512;

    /// <summary>Every usable range once for each affinity range that meets it, and the cuts.</summary>
    public const int Capacity = RangeSet.Capacity + AffinityTable.MaximumRanges + MaximumCuts;

    private PieceItems _items;

    public int Count { get; private set; }

    [UnscopedRef]
    public Span<OwnedPiece> Pieces => ((Span<OwnedPiece>)_items).Slice(0, Count);

    /// <summary>Bytes for whose pieces there was no room.</summary>
    public ulong LostBytes { get; private set; }

    public void Clear()
    {
        Count = 0;
        LostBytes = 0;
    }

    /// <summary>What touches the end of the last piece, on the same node and for the same cluster, is one with it.</summary>
    /// <returns>False: no room; the bytes are counted.</returns>
    public bool Add(ulong start, ulong length, uint node, uint cluster)
    {
        if (TryJoin(start, length, node, cluster))
        {
            return true;
        }
        if (Count == Capacity)
        {
            LostBytes += length;
            return false;
        }
        Span<OwnedPiece> items = _items;
        items[Count++] = new OwnedPiece
        {
            Range = new PhysicalRange { Base = start, Length = length },
            Node = node,
            Cluster = cluster,
        };
        return true;
    }

    private bool TryJoin(ulong start, ulong length, uint node, uint cluster)
    {
        if (Count == 0)
        {
            return false;
        }
        Span<OwnedPiece> items = _items;
        ref OwnedPiece last = ref items[Count - 1];
        bool joins = last.Node == node && last.Cluster == cluster && last.Range.Base + last.Range.Length == start;
        last.Range.Length += joins ? length : 0;
        return joins;
    }

    public ulong BytesOf(uint node)
    {
        ulong bytes = 0;
        Span<OwnedPiece> pieces = Pieces;
        for (int i = 0; i < pieces.Length; i++)
        {
            bytes += pieces[i].Node == node ? pieces[i].Range.Length : 0;
        }
        return bytes;
    }

    [InlineArray(Capacity)]
    private struct PieceItems
    {
        private OwnedPiece _piece;
    }
}
