using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Abi.Boot;

namespace Skerry.Base.Needs;

/// <summary>
/// The least memory that a cluster can start with, in one piece: bootstrap's copies and tables at the start, what the
/// kernel takes at the end, and core's own block between the two.
/// </summary>
public struct ClusterNeeds
{
    /// <summary>
    /// What a kernel makes for core: its capability table of 2^15 slots of 32 bytes, its address space with tables, its
    /// thread with a stack; and what all CPUs share.
    /// </summary>
    public const ulong KernelBytesFixed = (1 << 20) + (192 << 10);

    /// <summary>A CPU's block, its tables and stacks, with mitigations in a slot of their own, and its interrupt handlers.</summary>
    public const ulong KernelBytesPerCpu = 64 << 10;

    /// <summary>Of the kernel's table of address spaces, an entry of 4 bytes for each 16 KiB.</summary>
    private const int SpacesShift = 12;

    private const ulong LargePage = 2 << 20;

    /// <summary>Page tables that every cluster has: above the image, the stacks, the APICs, the entry and the direct map.</summary>
    private const ulong FixedTables = 24;

    /// <summary>A range's two ends, and where the kernel's text lies in it, can't be mapped by large pages.</summary>
    private const ulong TablesPerRange = 3;

    public ulong KernelBytes;
    public ulong CoreBytes;
    public ulong MachineBytes;
    public ulong ArchiveBytes;

    /// <summary>Of BootInformation, whose list of CPUs is as long as need be.</summary>
    /// <param name="cpus">Of the cluster.</param>
    public static ulong InformationPages(uint cpus)
    {
        int unused = (BootInformation.MaximumCpus - (int)cpus) * Unsafe.SizeOf<BootCpu>();
        return Pages((ulong)(Unsafe.SizeOf<BootInformation>() - unused));
    }

    /// <summary>At most what bootstrap puts at the start of the piece, in bytes.</summary>
    /// <param name="cpus">Of the cluster.</param>
    /// <param name="clusters">Of the machine.</param>
    /// <param name="ranges">Pieces of memory that the cluster has.</param>
    public readonly ulong Placed(uint cpus, uint clusters, uint ranges)
    {
        ulong stackPages = cpus * (KernelLayout.StackSlotSize / UserLayout.PageSize - 1);
        ulong inboundPages = 1 + clusters;
        ulong placed =
            KernelBytes
            + CoreBytes
            + Pages(MachineBytes) * UserLayout.PageSize
            + (stackPages + inboundPages + InformationPages(cpus)) * UserLayout.PageSize;
        ulong tables =
            FixedTables + TablesPerRange * ranges + placed / LargePage + cpus * KernelLayout.StackSlotSize / LargePage;
        return placed + tables * UserLayout.PageSize;
    }

    /// <summary>At most what the kernel takes at its end, in bytes.</summary>
    /// <param name="cpus">Of the cluster.</param>
    /// <param name="owned">Bytes of all its memory.</param>
    public static ulong Taken(uint cpus, ulong owned) =>
        KernelBytesFixed + cpus * KernelBytesPerCpu + (owned >> SpacesShift);

    /// <summary>What core takes for itself there.</summary>
    /// <inheritdoc cref="Placed"/>
    public readonly ServerNeeds Core(uint cpus, uint clusters) =>
        ServerNeeds.OfCore(cpus, clusters, ArchiveBytes + MachineBytes);

    /// <summary>Bytes that a piece has at least if a cluster starts there: all of it, but for what alignment costs.</summary>
    /// <inheritdoc cref="Missing"/>
    public readonly ulong Least(uint cpus, uint clusters, ulong owned) =>
        Placed(cpus, clusters, 1) + Core(cpus, clusters).OwnBytes + Taken(cpus, owned);

    /// <summary>How many bytes lack in a piece for a cluster to start; 0: none.</summary>
    /// <param name="start">Its physical address.</param>
    /// <param name="length">In bytes.</param>
    /// <param name="cpus">Of the cluster.</param>
    /// <param name="clusters">Of the machine.</param>
    /// <param name="ranges">Pieces that the cluster has in all.</param>
    /// <param name="owned">Bytes in all of them.</param>
    public readonly ulong Missing(ulong start, ulong length, uint cpus, uint clusters, uint ranges, ulong owned)
    {
        ulong own = Core(cpus, clusters).OwnBytes;
        ulong free = start + Placed(cpus, clusters, ranges);
        // Untyped memory is cut by its alignment.
        ulong needed = ((free + own - 1) & ~(own - 1)) + own + Taken(cpus, owned);
        return needed <= start + length ? 0 : needed - start - length;
    }

    private static ulong Pages(ulong bytes) => (bytes + UserLayout.PageSize - 1) / UserLayout.PageSize;
}
