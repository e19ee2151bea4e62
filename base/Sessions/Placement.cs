namespace Skerry.Base.Sessions;

/// <summary>Where memory is to come from: the extension of PD that makes NUMA servers possible.</summary>
public readonly struct Placement
{
    private Placement(PlacementKind kind, uint node, ulong start, ulong end)
    {
        Kind = kind;
        Node = node;
        Start = start;
        End = end;
    }

    public PlacementKind Kind { get; }

    /// <summary>Of <see cref="PlacementKind.Node"/>: the node's index in TOPOLOGY.</summary>
    public uint Node { get; }

    /// <summary>Of <see cref="PlacementKind.Range"/>: the first physical address.</summary>
    public ulong Start { get; }

    /// <summary>Of <see cref="PlacementKind.Range"/>: the physical address after the last.</summary>
    public ulong End { get; }

    public static Placement Any => default;

    public static Placement OwnCluster => new(PlacementKind.OwnCluster, 0, 0, 0);

    public static Placement OnNode(uint node) => new(PlacementKind.Node, node, 0, 0);

    public static Placement InRange(ulong start, ulong end) => new(PlacementKind.Range, 0, start, end);
}
