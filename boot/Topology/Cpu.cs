namespace Skerry.Boot.Topology;

/// <summary>One CPU that answered.</summary>
public struct Cpu
{
    public const uint NoCluster = uint.MaxValue;

    public uint ApicId;

    /// <summary>Index among the nodes.</summary>
    public uint Node;

    /// <summary><see cref="NoCluster"/>: unused, no kernel runs it.</summary>
    public uint Cluster;

    /// <summary>Its cluster's number before any was left out.</summary>
    public uint FormedCluster;
    public uint IndexInCluster;

    /// <summary>CPUs with the same number share the cache of that level; numbered from 0 over the machine.</summary>
    public uint L2Group;
    public uint L3Group;
}
