namespace Skerry.Base.Sessions;

/// <summary>One kernel instance.</summary>
public readonly struct ClusterInformation(
    uint memoryNode,
    uint cpus,
    ulong kernelAddress,
    ulong kernelBytes,
    ulong ownedBytes
)
{
    /// <summary>The node that its kernel and its own memory lie on.</summary>
    public uint MemoryNode { get; } = memoryNode;

    public uint Cpus { get; } = cpus;

    /// <summary>Physical address of its copy of the kernel.</summary>
    public ulong KernelAddress { get; } = kernelAddress;

    /// <summary>Text and data of that copy.</summary>
    public ulong KernelBytes { get; } = kernelBytes;

    /// <summary>Memory that this instance manages.</summary>
    public ulong OwnedBytes { get; } = ownedBytes;
}
