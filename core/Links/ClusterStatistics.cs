using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Core.Links;

/// <summary>What one cluster has done: a line of the final table.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ClusterStatistics
{
    public ulong CpuCount;

    /// <summary>Of all CPUs of the kernel together, since boot; see <see cref="CpuCounter"/>.</summary>
    public ulong FaultsMapped;
    public ulong InterruptsInCluster;
    public ulong DoorbellsSent;

    /// <summary>Page faults of vcores' children that core has answered for their vcores.</summary>
    public ulong FaultsForwarded;

    /// <summary>4 KiB frames in use that lie in memory of this cluster, and in that of others.</summary>
    public ulong FramesLocal;
    public ulong FramesRemote;

    /// <summary>Adds the counters of one CPU.</summary>
    public void Add(in CpuCounters cpu)
    {
        FaultsMapped += cpu[CpuCounter.FaultsMapped];
        InterruptsInCluster += cpu[CpuCounter.ClusterInterruptsSent];
        DoorbellsSent += cpu[CpuCounter.DoorbellsSent];
    }
}
