namespace Skerry.Base.Sessions;

/// <summary>One logical processor.</summary>
public readonly struct CpuInformation(uint apicId, uint node, uint cluster, uint indexInCluster)
{
    public uint ApicId { get; } = apicId;

    public uint Node { get; } = node;

    public uint Cluster { get; } = cluster;

    public uint IndexInCluster { get; } = indexInCluster;
}
