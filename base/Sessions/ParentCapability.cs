using Skerry.Base.Kernel;

namespace Skerry.Base.Sessions;

/// <summary>An <see cref="IParent"/>: what a child asks for everything else.</summary>
public readonly struct ParentCapability(Capability capability) : ITypedCapability<ParentCapability>
{
    public Capability Capability { get; } = capability;

    public static ParentCapability FromCapability(Capability capability) => new(capability);
}
