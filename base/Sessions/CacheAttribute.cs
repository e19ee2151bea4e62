namespace Skerry.Base.Sessions;

/// <summary>How the processor caches a dataspace (Intel SDM vol. 3A, 13.3). The kernel maps write-back memory alone.</summary>
public enum CacheAttribute : uint
{
    WriteBack = 0,
}
