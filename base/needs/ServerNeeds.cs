using System.Numerics;
using Skerry.Abi;

namespace Skerry.Base.Needs;

/// <summary>
/// What a server, core or an instance of a vcore, takes for itself before it gives anything to anybody. The servers take
/// it by these numbers, bootstrap leaves out clusters that have less, and the host refuses systems that ask for more.
/// </summary>
public readonly struct ServerNeeds
{
    // Its children, the sessions between them and the blocks of its memory lie in these.
    private const uint BasePages = 105;

    /// <summary>Of bookkeeping for the lines that are to be printed, in core; a power of two.</summary>
    public const uint ConsolePages = 4;

    /// <summary>Of bookkeeping for each link of core's: what was received so far, locks, a doorbell.</summary>
    public const uint BytesPerLink = 1024;

    /// <summary>Of addresses for each link: two pages, mapped with a page between them and the next.</summary>
    private const uint AddressesPerLink = 4 * (uint)UserLayout.PageSize;

    /// <summary>Pages of stack of a server's threads.</summary>
    public const uint StackPages = 8;

    /// <summary>A thread's objects, which a page begins behind, its message buffer and its stack.</summary>
    private const uint ThreadPages = 1 + 1 + StackPages;

    /// <summary>Pages of stack of a keeper, which does little: it holds one message.</summary>
    public const uint KeeperStackPages = 1;

    private const uint KeeperPages = 1 + 1 + KeeperStackPages;

    /// <summary>An entrypoint, a pager, a keeper, the page tables of their stacks, and their endpoints.</summary>
    private const uint PagesPerCpu = 2 * ThreadPages + KeeperPages + 2 + 1;

    /// <summary>
    /// Threads that core has besides: that of the doorbell, and in the root those of the watch and the console. As many are
    /// counted everywhere.
    /// </summary>
    private const uint FurtherThreads = 3;

    /// <summary>That of the starter, with the page table of its stack; a vcore has it in the place of one of core's.</summary>
    private const uint StarterPages = KeeperPages + 1;

    /// <summary>Three areas of the address space with a table of each of three levels and a second of the last.</summary>
    private const uint FixedTables = 3 * 4;

    /// <summary>Children, and what stands for one, that a server knows of at a time.</summary>
    public const int RecordWindows = 512;

    /// <summary>
    /// What it knows of each lies at 2 MiB of addresses, whose table is the child's; above them are one table for each GiB,
    /// and one more.
    /// </summary>
    private const uint RecordTables = RecordWindows / 512 + 1;

    /// <summary>What one page table maps.</summary>
    private const ulong TableReach = 512 * UserLayout.PageSize;

    /// <summary>
    /// Up to twelve are used: three that the entrypoint receives into, three that the request at hand has brought, three and
    /// one more for what it and the pager ask of the parent, one for the CPU's session with the parent. What is to be kept
    /// leaves them.
    /// </summary>
    private const uint MessageSlotsPerCpu = 16;

    /// <summary>For the main thread, which calls too, and for what lies between runs of three.</summary>
    private const uint FurtherMessageSlots = 48;

    private readonly uint _cpus;
    private readonly uint _links;
    private readonly ulong _mapped;

    private ServerNeeds(uint cpus, uint links, ulong mapped)
    {
        _cpus = cpus;
        _links = links;
        _mapped = mapped;
    }

    /// <param name="cpus">Of its cluster.</param>
    /// <param name="clusters">Of the machine: core has a link to each.</param>
    /// <param name="inputBytes">Of the boot archive and the machine's description, which it maps.</param>
    public static ServerNeeds OfCore(uint cpus, uint clusters, ulong inputBytes) => new(cpus, clusters, inputBytes);

    /// <param name="cpus">That the instance has.</param>
    /// <param name="largestPiece">Bytes of the largest piece of memory that it claims, and shows itself once.</param>
    public static ServerNeeds OfVcore(uint cpus, ulong largestPiece) => new(cpus, 0, largestPiece);

    /// <summary>Pages of bookkeeping: they are mapped from the start.</summary>
    public uint BookkeepingPages =>
        BasePages
        + (_links == 0 ? 0 : ConsolePages)
        + (uint)((_links * (ulong)BytesPerLink + UserLayout.PageSize - 1) / UserLayout.PageSize);

    /// <summary>Bytes, a power of two and aligned to it, of memory that its own objects are made of.</summary>
    public ulong OwnBytes
    {
        get
        {
            ulong tables = FixedTables + RecordTables + (_mapped + _links * (ulong)AddressesPerLink) / TableReach;
            ulong further = FurtherThreads * (ThreadPages + 1) + (_links == 0 ? 0 : StarterPages);
            ulong pages = BookkeepingPages + tables + further + _cpus * (ulong)PagesPerCpu;
            return BitOperations.RoundUpToPowerOf2(pages * UserLayout.PageSize);
        }
    }

    /// <summary>Slots of its capability table for what messages bring, until it is used, or has a slot of its own.</summary>
    public uint MessageSlots => FurtherMessageSlots + _cpus * MessageSlotsPerCpu;
}
