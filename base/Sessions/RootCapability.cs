using Skerry.Base.Kernel;

namespace Skerry.Base.Sessions;

/// <summary>An <see cref="IRoot"/>: where a service makes its sessions.</summary>
public readonly struct RootCapability(Capability capability) : ITypedCapability<RootCapability>
{
    public Capability Capability { get; } = capability;

    public static RootCapability FromCapability(Capability capability) => new(capability);
}
