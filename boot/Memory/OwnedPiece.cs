using Skerry.Abi.Boot;

namespace Skerry.Boot.Memory;

/// <summary>A range of memory, the node it is on, and the cluster it was given to.</summary>
public struct OwnedPiece
{
    public PhysicalRange Range;
    public uint Node;
    public uint Cluster;
}
