using Skerry.Base.Kernel;

namespace Skerry.Base.Sessions;

/// <summary>A session of whatever service: what the parent hands out and takes back.</summary>
public readonly struct SessionCapability(Capability capability) : ITypedCapability<SessionCapability>
{
    public Capability Capability { get; } = capability;

    public static SessionCapability FromCapability(Capability capability) => new(capability);
}
