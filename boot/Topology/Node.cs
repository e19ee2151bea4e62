namespace Skerry.Boot.Topology;

/// <summary>One proximity domain: CPUs, memory, or only one of the two.</summary>
public struct Node
{
    public uint Domain;
    public uint CpuCount;

    /// <summary>All memory the firmware names for it, occupied or not.</summary>
    public ulong MemoryBytes;

    /// <summary>For the boot CPU's cluster it counts as one without memory: no piece of it could carry the kernel.</summary>
    public bool IsTooSmallForBootCluster;
}
