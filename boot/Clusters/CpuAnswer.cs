namespace Skerry.Boot.Clusters;

/// <summary>What a CPU that was started found out about itself.</summary>
public struct CpuAnswer
{
    public bool IsPresent;
    public CacheSharing Sharing;
}
