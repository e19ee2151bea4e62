using System.Runtime.CompilerServices;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// What stays within one account: it touches no dataspace, map or region that another pays for. What lies in a map of a map,
/// or is another server's, is nobody's in this sense.
/// </summary>
public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>Whether an attach, or the detach of what it made, stays within the account of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWithinAccount(RegionMap* map, Dataspace* dataspace) => map->Account == dataspace->Account;

    /// <summary>Whether a detach at an address does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWithinAccount(RegionMap* map, ulong address) =>
        map->RegionsOfOthers == 0 || IsOwnAt(map, address);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsOwnAt(RegionMap* map, ulong address)
    {
        Region* region = map->Regions.At(address);
        return region == null || IsWithinAccount(map, region->Dataspace);
    }

    /// <summary>Whether to free the dataspace does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWithinAccount(Dataspace* dataspace) => dataspace->AttachmentsElsewhere == 0;
}
