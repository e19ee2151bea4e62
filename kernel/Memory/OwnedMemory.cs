using Skerry.Abi.Boot;

namespace Skerry.Kernel.Memory;

/// <summary>The physical memory of this cluster: what the direct map covers. Written once at start.</summary>
internal static class OwnedMemory
{
    /// <summary>Physical addresses have at most 48 bits in a capability.</summary>
    public const ulong PhysicalEnd = 1ul << 47;

    private static RangeList ranges;

    public static void Initialise(ref RangeList owned) => ranges = owned;

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
