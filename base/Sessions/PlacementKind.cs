namespace Skerry.Base.Sessions;

/// <summary>How a <see cref="Placement"/> names memory.</summary>
public enum PlacementKind : uint
{
    /// <summary>Near the asker if there is some, else anywhere the server has memory.</summary>
    Any = 0,

    /// <summary>Memory of the asker's own cluster, or none.</summary>
    OwnCluster = 1,

    /// <summary>Memory of a named node, or none.</summary>
    Node = 2,

    /// <summary>Memory between two physical addresses, or none. Only a server is given any.</summary>
    Range = 3,
}
