using Skerry.Base.Kernel;

namespace Skerry.Base.Sessions;

/// <summary>A <see cref="ICpuThread"/>.</summary>
public readonly struct CpuThreadCapability(Capability capability) : ITypedCapability<CpuThreadCapability>
{
    public Capability Capability { get; } = capability;

    public static CpuThreadCapability FromCapability(Capability capability) => new(capability);
}
