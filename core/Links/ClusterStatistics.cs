using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Kernel;

namespace Skerry.Core.Links;

/// <summary>What one kernel instance has done: a line of the final table.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ClusterStatistics
{
    /// <summary>This instance's copy of the kernel: physical address, bytes.</summary>
    public ulong KernelImageBase;
    public ulong KernelTextBytes;
    public ulong KernelDataBytes;
    public uint CpuCount;
    public uint Reserved;

    /// <summary>Of all CPUs together, since boot; see <see cref="CpuCounter"/>.</summary>
    public ulong SlowpathMessages;
    public ulong FaultsDelivered;
    public ulong FaultsMapped;
    public ulong InterruptsInCluster;
    public ulong DoorbellsSent;
    public ulong DoorbellsReceived;
    public ulong LockWaits;

    /// <summary>Messages that this instance of core has sent over its links, the doorbells rung for them, their losses.</summary>
    public ulong LinkMessages;
    public ulong LinkDoorbells;
    public ulong LinkSlotsDropped;

    /// <summary>Times that a component's channel was found to wake, and its notification signalled.</summary>
    public ulong ChannelWakes;

    public static ClusterStatistics Of(in CoreInformation core) =>
        new()
        {
            KernelImageBase = core.KernelImage.Base,
            KernelTextBytes = core.KernelTextBytes,
            KernelDataBytes = core.KernelDataBytes,
            CpuCount = core.CpuCount,
        };

    /// <summary>Adds the counters of one CPU.</summary>
    public void Add(in CpuCounters cpu)
    {
        SlowpathMessages += cpu[CpuCounter.SlowpathMessages];
        FaultsDelivered += cpu[CpuCounter.FaultsDelivered];
        FaultsMapped += cpu[CpuCounter.FaultsMapped];
        InterruptsInCluster += cpu[CpuCounter.ClusterInterruptsSent];
        DoorbellsSent += cpu[CpuCounter.DoorbellsSent];
        DoorbellsReceived += cpu[CpuCounter.DoorbellsReceived];
        LockWaits += cpu[CpuCounter.LockWaits];
    }
}
