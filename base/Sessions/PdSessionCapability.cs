using Skerry.Base.Kernel;

namespace Skerry.Base.Sessions;

/// <summary>A <see cref="IPdSession"/>.</summary>
public readonly struct PdSessionCapability(Capability capability) : ITypedCapability<PdSessionCapability>
{
    public Capability Capability { get; } = capability;

    public static PdSessionCapability FromCapability(Capability capability) => new(capability);
}
