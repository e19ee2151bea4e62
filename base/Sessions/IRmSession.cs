using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>Makes region maps that serve as managed dataspaces.</summary>
[RpcInterface]
public interface IRmSession
{
    /// <summary>An empty region map of this many bytes, a multiple of 4096.</summary>
    RegionMapResult Create(ulong bytes, out RegionMapCapability regionMap);

    RegionMapResult Destroy(RegionMapCapability regionMap);
}
