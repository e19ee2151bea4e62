namespace Skerry.Boot.Clusters;

/// <summary>What a CPU that was started found out about itself.</summary>
public struct CpuAnswer
{
    public bool IsPresent;
    public CacheSharing Sharing;

    /// <summary>Features of FeatureList, bit by index, without which it came and went no further.</summary>
    public ulong Lacks;
}
