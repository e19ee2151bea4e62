using System;
using System.Runtime.InteropServices;

namespace Skerry.Abi.Boot;

// The whole machine as bootstrap found it, for core: a header, then arrays of records at the offsets it names (bytes
// from the header's start). The kernel passes it on unread.

[StructLayout(LayoutKind.Sequential)]
public struct MachineHeader
{
    /// <summary>Bytes of the command line. QEMU's loader takes twice as many, and writes more over its start info.</summary>
    public const int MaximumCommandLine = 2048;

    public const ulong ExpectedMagic = 0x656e_6968_6361_4d53; // "SMachine"

    /// <summary>Of the machine, and so clusters.</summary>
    public const int MaximumCpus = 1024;
    public const int MaximumClusters = MaximumCpus;

    public ulong Magic;
    public uint TotalBytes;
    public uint NodeCount;
    public uint NodesOffset;
    public uint CpuCount;
    public uint CpusOffset;
    public uint ClusterCount;
    public uint ClustersOffset;
    public uint MemoryRangeCount;
    public uint MemoryRangesOffset;

    /// <summary>NodeCount × NodeCount bytes, row = from, as in the SLIT; 10 is local.</summary>
    public uint DistancesOffset;
    public ClusterMode ClusterMode;

    /// <summary>Tables that were missing or broken, and CPUs that did not answer; warnings went to the console.</summary>
    public uint Warnings;

    /// <summary>The boot command line, NUL-terminated; 0 for none.</summary>
    public uint CommandLineOffset;
    public uint CommandLineBytes;
}

[StructLayout(LayoutKind.Sequential)]
public struct MachineNode
{
    /// <summary>The SRAT's proximity domain; records lie in ascending order of it, and NodeId is the index.</summary>
    public uint ProximityDomain;
    public uint CpuCount;
    public ulong MemoryBytes;
}

[StructLayout(LayoutKind.Sequential)]
public struct MachineCpu
{
    public uint ApicId;
    public uint Node;

    /// <summary>
    /// Number of the kernel that runs it; or of the cluster that bootstrap has parked, marked as ParkedCluster says
    /// (base/needs), as its memory holds no kernel.
    /// </summary>
    public uint Cluster;

    /// <summary>Index among its cluster's CPUs; of a parked CPU it means nothing.</summary>
    public uint IndexInCluster;

    /// <summary>CPUs with the same number share the cache of that level, as CPUID says.</summary>
    public uint L2Group;
    public uint L3Group;
}

[StructLayout(LayoutKind.Sequential)]
public struct MachineMemoryRange
{
    public PhysicalRange Range;
    public uint Node;

    /// <summary>The cluster whose kernel owns it; uint.MaxValue: reserved, owned by none.</summary>
    public uint Cluster;
}

[StructLayout(LayoutKind.Sequential)]
public struct MachineCluster
{
    /// <summary>The node its kernel and its own memory lie on (another one than its CPUs' if that has no memory).</summary>
    public uint MemoryNode;
    public uint CpuCount;

    /// <summary>Index of its first CPU among the machine's, whose doorbell reaches its core.</summary>
    public uint FirstCpu;
    public uint FirstApicId;
    public PhysicalRange KernelImage;
    public ulong KernelTextBytes;
    public ulong KernelDataBytes;
    public ulong OwnedBytes;

    /// <summary>Its inbound pages: page 0 holds the pending bitmap, page 1 + s receives from cluster s.</summary>
    public PhysicalRange Inbound;
}

/// <summary>Which CPUs one kernel instance runs (command line cluster=l2|cpu|node|machine).</summary>
public enum ClusterMode : uint
{
    L2 = 0,
    Cpu = 1,
    Node = 2,
    Machine = 3,
}
