namespace Skerry.Base.Sessions;

/// <summary>How many of each a machine has.</summary>
public readonly struct MachineSummary(uint nodes, uint cpus, uint clusters, uint ownCluster)
{
    public uint Nodes { get; } = nodes;

    public uint Cpus { get; } = cpus;

    public uint Clusters { get; } = clusters;

    /// <summary>The cluster that the asker runs in.</summary>
    public uint OwnCluster { get; } = ownCluster;
}
