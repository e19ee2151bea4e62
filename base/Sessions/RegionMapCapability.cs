using Skerry.Base.Kernel;

namespace Skerry.Base.Sessions;

/// <summary>A <see cref="IRegionMap"/>.</summary>
public readonly struct RegionMapCapability(Capability capability) : ITypedCapability<RegionMapCapability>
{
    public Capability Capability { get; } = capability;

    public static RegionMapCapability FromCapability(Capability capability) => new(capability);
}
