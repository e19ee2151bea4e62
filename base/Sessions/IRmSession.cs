using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>Makes region maps that serve as managed dataspaces.</summary>
[RpcInterface]
public interface IRmSession
{
    /// <summary>An empty region map of this many bytes, a multiple of 4096.</summary>
    RegionMapResult Create(ulong bytes, out RegionMapCapability regionMap);

    /// <summary>The map goes, and vanishes wherever it is attached.</summary>
    /// <returns>NotYet while more than RequestLimits.DetachedRegions are attached in it, or it in more places: ask again.</returns>
    RegionMapResult Destroy(RegionMapCapability regionMap);
}
