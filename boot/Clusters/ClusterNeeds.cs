using Skerry.Abi.Boot;
using Skerry.Boot.Memory;

namespace Skerry.Boot.Clusters;

/// <summary>The least memory a cluster can start with, in one piece on its memory node.</summary>
public struct ClusterNeeds
{
    /// <summary>What is left for core's tables, threads and first components when the kernel starts.</summary>
    public const ulong WorkingBytes = 1 << 20;

    /// <summary>A CPU's block, its tables and critical stacks, and its interrupt handlers.</summary>
    public const ulong WorkingBytesPerCpu = 48 << 10;

    public ulong KernelBytes;
    public ulong CoreBytes;
    public ulong MachineBytes;

    /// <summary>
    /// Page tables: the fixed ones of the image, the stacks, the APIC, the entry code and the direct map, and one for
    /// each 2 MiB that can't be mapped with large pages because of what lies in it.
    /// </summary>
    public readonly ulong Bytes(uint cpuCount, uint clusterCount)
    {
        ulong stackPages = cpuCount * (KernelLayout.StackSlotSize / PhysicalMemory.PageSize - 1);
        ulong inboundPages = 1 + clusterCount;
        ulong placed =
            KernelBytes
            + CoreBytes
            + MachineBytes
            + (stackPages + inboundPages + InformationPages) * PhysicalMemory.PageSize;
        ulong tables =
            FixedTables
            + placed / PhysicalMemory.LargePage
            + cpuCount * KernelLayout.StackSlotSize / PhysicalMemory.LargePage;
        return placed + tables * PhysicalMemory.PageSize + WorkingBytes + cpuCount * WorkingBytesPerCpu;
    }

    public static ulong InformationPages =>
        PhysicalMemory.PagesOf((ulong)System.Runtime.CompilerServices.Unsafe.SizeOf<BootInformation>());

    private const ulong FixedTables = 24 + 3 * RangeList.Capacity;
}
