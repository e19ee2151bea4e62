using Skerry.Abi.Boot;

namespace Skerry.Boot.Clusters;

/// <summary>The CPUs of one kernel instance, and what was made for it.</summary>
public struct Cluster
{
    /// <summary>The node of its first CPU.</summary>
    public uint Node;

    /// <summary>The node its kernel lies on: the same, or the nearest one that has memory.</summary>
    public uint MemoryNode;
    public uint CpuCount;

    /// <summary>Indices among the machine's CPUs.</summary>
    public uint FirstCpu;

    public ulong OwnedBytes;
    public PhysicalRange KernelImage;
    public PhysicalRange Inbound;
    public PhysicalRange Machine;

    /// <summary>Physical address of its root page table and of its BootInformation.</summary>
    public ulong RootTable;
    public ulong Information;
}
