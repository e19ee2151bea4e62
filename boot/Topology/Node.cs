namespace Skerry.Boot.Topology;

/// <summary>One proximity domain: CPUs, memory, or only one of the two.</summary>
public struct Node
{
    public uint Domain;
    public uint CpuCount;

    /// <summary>All memory the firmware names for it, occupied or not.</summary>
    public ulong MemoryBytes;
}
