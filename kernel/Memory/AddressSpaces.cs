using System.Runtime.CompilerServices;
using Skerry.Abi.Boot;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Memory;

/// <summary>
/// Numbers of address spaces. Capabilities of frames and page tables record where they are mapped by number, because
/// the address space may go first: a number is found only as long as its address space lives. There are as many as
/// address spaces fit into the cluster's memory, up to 32,767. Under the cluster lock.
/// </summary>
/// <remarks>
/// An identifier is an index (15 bits) and, above it, how often the entry was used before (4 bits). An entry:
/// <code>
///   31  30        27 26                          0
///  +---+------------+----------------------------+
///  | L | generation | physical address / 16 KiB  |  of the address space that has the number
///  +---+------------+----------------------------+
///  | 0 | generation | index of the next free one |
///  +---+------------+----------------------------+
/// </code>
/// Free ones are given away in the order in which they became free, so that each is used again as late as can be.
/// </remarks>
internal static unsafe class AddressSpaces
{
    /// <summary>As many as a capability's record of where it is mapped has room for.</summary>
    public const int IdentifierBits = 19;

    private const int IndexBits = 15;
    private const uint IndexMask = (1u << IndexBits) - 1;
    private const int GenerationShift = 27;
    private const uint GenerationMask = (1u << (IdentifierBits - IndexBits)) - 1;
    private const uint Lives = 1u << 31;
    private const uint PlaceMask = (1u << GenerationShift) - 1;

    private static uint* entries;
    private static uint oldestFree;
    private static uint newestFree;

    public static uint Used { get; private set; }

    public static uint Free { get; private set; }

    /// <summary>Entries for this much memory; number 0 is nobody's, as it stands for "not mapped".</summary>
    public static uint EntriesFor(ulong bytes)
    {
        ulong most = bytes >> AddressSpace.SizeBits;
        return most < IndexMask ? (uint)most + 1 : IndexMask + 1;
    }

    /// <summary>Once; in zeroed memory.</summary>
    public static void Initialise(uint* table, uint count)
    {
        entries = table;
        Used = 0;
        Free = count - 1;
        oldestFree = 1;
        newestFree = count - 1;
        for (uint index = 1; index < count - 1; index++)
        {
            table[index] = index + 1;
        }
    }

    /// <summary>Where <see cref="Free"/> is not 0.</summary>
    public static void Register(AddressSpace* space)
    {
        ClusterLock.MustBeHeld();
        uint index = oldestFree;
        uint entry = entries[index];
        oldestFree = entry & PlaceMask;
        uint generation = ((entry >> GenerationShift) + 1) & GenerationMask;
        var place = (uint)(((ulong)space - KernelLayout.DirectMap) >> AddressSpace.SizeBits);
        entries[index] = Lives | (generation << GenerationShift) | place;
        space->Identifier = index | (generation << IndexBits);
        AddressSpace.MappingOf(space)->ForgetWalk();
        Used++;
        Free--;
    }

    public static void Unregister(AddressSpace* space)
    {
        ClusterLock.MustBeHeld();
        uint index = space->Identifier & IndexMask;
        entries[index] &= GenerationMask << GenerationShift;
        if (Free == 0)
        {
            oldestFree = index;
        }
        else
        {
            entries[newestFree] |= index;
        }
        newestFree = index;
        Used--;
        Free++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AddressSpace* Find(uint identifier)
    {
        uint entry = entries[identifier & IndexMask];
        bool isIt = entry >> GenerationShift == (Lives >> GenerationShift | identifier >> IndexBits);
        ulong place = (ulong)(entry & PlaceMask) << AddressSpace.SizeBits;
        return isIt ? (AddressSpace*)(KernelLayout.DirectMap + place) : null;
    }
}
