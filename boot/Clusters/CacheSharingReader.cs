using System.Numerics;

namespace Skerry.Boot.Clusters;

/// <summary>
/// Finds cache sharing by CPUID. AMD's leaf 0x8000001D has the format of Intel's leaf 4 (Intel SDM vol. 2A, CPUID; AMD
/// APM vol. 3, E.4.15); where neither is there, the topology leaves 0x1F or 0xB tell the CPUs of a core and of a package.
/// <code>
/// eax: 31..26 cores - 1 | 25..14 CPUs that share the cache - 1 | 7..5 level | 4..0 type (0: no more caches)
/// </code>
/// </summary>
public static class CacheSharingReader<TCpuid>
    where TCpuid : struct, ICpuid
{
    private const uint ExtendedBase = 0x8000_0000;
    private const uint ExtendedFeatures = 0x8000_0001;
    private const uint ExtendedCaches = 0x8000_001d;
    private const uint TopologyExtensions = 1 << 22; // 0x80000001:ECX
    private const uint Caches = 4;
    private const uint Topology = 0xb;
    private const uint TopologyV2 = 0x1f;
    private const uint InstructionCache = 2;
    private const int MaximumSubleaves = 16;

    public static CacheSharing Read()
    {
        uint leaf = CacheLeaf();
        bool foundL2 = FindShift(leaf, 2, out byte l2);
        bool foundL3 = FindShift(leaf, 3, out byte l3);
        ReadTopology(out byte core, out byte package);
        return new CacheSharing { L2Shift = foundL2 ? l2 : core, L3Shift = foundL3 ? l3 : package };
    }

    /// <summary>0: neither leaf is there.</summary>
    private static uint CacheLeaf()
    {
        uint largest = TCpuid.Read(0, 0).Eax;
        uint largestExtended = TCpuid.Read(ExtendedBase, 0).Eax;
        if (
            largestExtended >= ExtendedCaches
            && (TCpuid.Read(ExtendedFeatures, 0).Ecx & TopologyExtensions) != 0
            && CacheType(TCpuid.Read(ExtendedCaches, 0)) != 0
        )
        {
            return ExtendedCaches;
        }
        return largest >= Caches && CacheType(TCpuid.Read(Caches, 0)) != 0 ? Caches : 0;
    }

    private static bool FindShift(uint leaf, uint level, out byte shift)
    {
        shift = 0;
        for (uint i = 0; leaf != 0 && i < MaximumSubleaves; i++)
        {
            CpuidRegisters cache = TCpuid.Read(leaf, i);
            uint type = CacheType(cache);
            if (type == 0)
            {
                break;
            }
            if ((cache.Eax >> 5 & 7) == level && type != InstructionCache)
            {
                uint sharing = (cache.Eax >> 14 & 0xfff) + 1;
                shift = (byte)BitOperations.Log2(BitOperations.RoundUpToPowerOf2((ulong)sharing));
                return true;
            }
        }
        return false;
    }

    /// <summary>Shifts from the APIC id to the core's and to the package's number.</summary>
    private static void ReadTopology(out byte core, out byte package)
    {
        const uint thread = 1;
        uint largest = TCpuid.Read(0, 0).Eax;
        uint leaf =
            HasLevels(largest, TopologyV2) ? TopologyV2
            : HasLevels(largest, Topology) ? Topology
            : 0;
        core = 0;
        package = 0;
        for (uint i = 0; leaf != 0 && i < MaximumSubleaves; i++)
        {
            CpuidRegisters level = TCpuid.Read(leaf, i);
            uint type = level.Ecx >> 8 & 0xff;
            if (type == 0)
            {
                break;
            }
            package = (byte)(level.Eax & 0x1f);
            core = type == thread ? package : core;
        }
    }

    private static bool HasLevels(uint largest, uint leaf) =>
        largest >= leaf && (TCpuid.Read(leaf, 0).Ebx & 0xffff) != 0;

    private static uint CacheType(CpuidRegisters cache) => cache.Eax & 0x1f;
}
