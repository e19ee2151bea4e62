using Skerry.Abi;
using Skerry.Abi.Boot;

namespace Skerry.Kernel.Memory;

/// <summary>The physical memory of this cluster: what the direct map covers. Written once at start.</summary>
internal static class OwnedMemory
{
    /// <summary>A capability has 48 bits for a kernel address, so 47 for a physical one.</summary>
    private const ulong LargestEnd = 1ul << 47;

    private static RangeList ranges;

    /// <summary>
    /// Where the links of the derivation tree count from: a page below the first of this memory, so that no slot has link 0.
    /// </summary>
    public static ulong LinkBase { get; private set; }

    /// <summary>First physical address that no frame can have: the processor has none there, or a capability no room.</summary>
    public static ulong PhysicalEnd { get; private set; }

    /// <param name="owned">In ascending order; bootstrap keeps it within KernelLayout.LongestOwned.</param>
    /// <param name="processorEnd">First physical address that the processors don't have.</param>
    public static void Initialise(ref RangeList owned, ulong processorEnd)
    {
        ranges = owned;
        LinkBase = KernelLayout.DirectMap + owned.Ranges[0].Base - UserLayout.PageSize;
        PhysicalEnd = processorEnd < LargestEnd ? processorEnd : LargestEnd;
    }

    /// <summary>How much it is.</summary>
    public static ulong Bytes
    {
        get
        {
            ulong bytes = 0;
            for (int i = 0; i < ranges.Count; i++)
            {
                bytes += ranges.Ranges[i].Length;
            }
            return bytes;
        }
    }

    public static bool Contains(ulong physical, ulong bytes)
    {
        for (int i = 0; i < ranges.Count; i++)
        {
            PhysicalRange range = ranges.Ranges[i];
            if (
                physical >= range.Base
                && physical - range.Base < range.Length
                && bytes <= range.Length - (physical - range.Base)
            )
            {
                return true;
            }
        }
        return false;
    }

    public static bool Overlaps(ulong physical, ulong bytes)
    {
        for (int i = 0; i < ranges.Count; i++)
        {
            PhysicalRange range = ranges.Ranges[i];
            if (physical < range.Base + range.Length && range.Base < physical + bytes)
            {
                return true;
            }
        }
        return false;
    }
}
