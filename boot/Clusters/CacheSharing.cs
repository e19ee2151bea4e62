namespace Skerry.Boot.Clusters;

/// <summary>
/// How many low bits of the APIC id differ among the CPUs that share a cache with this one: CPUs with the same
/// id >> shift share it.
/// </summary>
public struct CacheSharing
{
    public byte L2Shift;
    public byte L3Shift;
}
