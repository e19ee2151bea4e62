namespace Skerry.Base.Sessions;

/// <summary>One node: a proximity domain of the SRAT.</summary>
public readonly struct NodeInformation(uint proximityDomain, uint cpus, ulong memoryBytes)
{
    public uint ProximityDomain { get; } = proximityDomain;

    public uint Cpus { get; } = cpus;

    public ulong MemoryBytes { get; } = memoryBytes;
}
